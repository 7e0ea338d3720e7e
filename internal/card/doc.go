// Package card draws the picture that stands for an article where a link to
// it is shown: 1200 × 630 pixels (the size that Open Graph's readers cut
// nothing off) with headline, kicker and the newsroom's name, above them the
// article's picture if it has one.
//
// It knows no article: it gets words and pictures, and gives a picture.
package card
