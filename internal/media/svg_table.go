package media

import "strings"

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// svgElements are what a drawing may be made of. Not among them: script,
// foreignObject (HTML in a picture), a (its children are kept), animations
// (they can set what the attributes may not), feImage, and what no browser
// draws any more.
var svgElements = set(`svg g defs symbol use switch title desc
	path rect circle ellipse line polyline polygon text tspan textPath image
	linearGradient radialGradient stop pattern clipPath mask marker filter style
	feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
	feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode
	feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`)

// svgUnwrapped lose their tags and keep what is in them.
var svgUnwrapped = set(`a`)

// svgAttributes are those without a namespace that are kept. href stands apart.
var svgAttributes = set(`id class style lang role aria-label aria-labelledby aria-describedby aria-hidden
	x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy d points width height viewBox preserveAspectRatio version
	transform pathLength rotate textLength lengthAdjust startOffset method spacing side
	gradientUnits gradientTransform spreadMethod offset stop-color stop-opacity
	patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits mask-type
	markerWidth markerHeight markerUnits orient refX refY filterUnits primitiveUnits systemLanguage
	in in2 result mode type values tableValues slope intercept amplitude exponent operator k1 k2 k3 k4
	order kernelMatrix divisor bias targetX targetY edgeMode kernelUnitLength preserveAlpha surfaceScale diffuseConstant
	specularConstant specularExponent scale xChannelSelector yChannelSelector azimuth elevation stdDeviation radius
	pointsAtX pointsAtY pointsAtZ limitingConeAngle z baseFrequency numOctaves seed stitchTiles
	alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters
	color-rendering direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity
	font font-family font-size font-size-adjust font-stretch font-style font-variant font-weight
	glyph-orientation-horizontal glyph-orientation-vertical image-rendering isolation kerning letter-spacing lighting-color
	marker marker-end marker-mid marker-start mask mix-blend-mode opacity overflow paint-order
	shape-rendering stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
	stroke-opacity stroke-width text-anchor text-decoration text-rendering transform-origin unicode-bidi vector-effect
	visibility word-spacing writing-mode xml:space xml:lang`)

// svgRefers are the elements whose href may name another part of the drawing.
var svgRefers = set(`use textPath linearGradient radialGradient pattern filter`)
