package db

import "context"

// Parts carries out f in one transaction after the other, for work on more rows than one
// should hold, until f says that it had fewer than most to do.
func (d *DB) Parts(ctx context.Context, class Class, most int, f func(tx *Tx) (n int, err error)) error {
	for {
		n := 0
		err := d.Tx(ctx, class, func(tx *Tx) (err error) {
			n, err = f(tx)
			return err
		})
		if err != nil || n < most {
			return err
		}
	}
}
