package store_test

import (
	"testing"

	"aparte/internal/store/storetest"
)

func TestStoreOnSQLite(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, storetest.SQLite)
}

func TestStoreOnPostgres(t *testing.T) {
	t.Parallel()
	storetest.Postgres(t) // skips the whole test at once where there is no server
	storetest.Exercise(t, storetest.Postgres)
}
