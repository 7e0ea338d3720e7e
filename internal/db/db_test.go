package db

import (
	"context"
	"testing"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	d, err := Open(ctx, Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var heard []string
	d.OnChange(func(tags []string) { heard = append(heard, tags...) })
	for range 3 {
		err = d.Tx(ctx, Desk, func(tx *Tx) error {
			ids, err := tx.IDs(ctx, "story", 70)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "INSERT INTO publication (id, key, zone, created_at) VALUES (1,'main','UTC',0) ON CONFLICT DO NOTHING"); err != nil {
				return err
			}
			b := tx.Bulk("story", "id, publication_id, created_at", "")
			for _, id := range ids {
				b.Add(id, 1, 0)
			}
			tx.Changed("front:1")
			return b.Flush(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	n, err := Get(ctx, d, One[int], "SELECT count(*) FROM story")
	if err != nil || n != 210 {
		t.Errorf("%d stories, %v; want 210", n, err)
	}
	if len(heard) != 3 {
		t.Errorf("heard %q", heard)
	}
}
