// Package outbound opens connections.
package outbound

import "net/http"

var c http.Client
