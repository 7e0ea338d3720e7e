package views_test

import (
	"context"
	"encoding/binary"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"dateline/internal/dbtest"
)

// BenchmarkCount counts reads of different people, many at a time, as a busy
// article gets them.
func BenchmarkCount(b *testing.B) {
	d := dbtest.New(b)
	c := &clock{t: time.Now()}
	counter, _, id, _ := counting(b, d, c)
	var n atomic.Uint32
	b.SetParallelism(16)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			var a [4]byte
			binary.BigEndian.PutUint32(a[:], n.Add(1))
			if err := counter.Count(context.Background(), id, netip.AddrFrom4(a), firefox, none); err != nil {
				b.Error(err)
			}
		}
	})
}
