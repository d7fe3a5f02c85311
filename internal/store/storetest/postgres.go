package storetest

import (
	"database/sql"
	"net/url"
	"os"
	"testing"

	"aparte/internal/desk"
	"aparte/internal/store"
)

// PostgresDSN names the environment variable with the database to test on.
const PostgresDSN = "APARTE_TEST_POSTGRES"

// Postgres says where a new desk may be kept on the PostgreSQL server that the
// environment names: in a schema of its own, dropped when the test ends. Where
// none is named, the test is skipped.
func Postgres(t testing.TB) store.Options {
	t.Helper()
	dsn := os.Getenv(PostgresDSN)
	if dsn == "" {
		t.Skip("not run: " + PostgresDSN + " names no PostgreSQL database; try build/postgres-test.sh")
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatalf("%s is no postgres:// address: %v", PostgresDSN, err)
	}
	schema := "test_" + desk.RandomText(12)
	admin(t, dsn, `CREATE SCHEMA `+schema)
	t.Cleanup(func() { admin(t, dsn, `DROP SCHEMA `+schema+` CASCADE`) })
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return store.Options{DSN: u.String()}
}

func admin(t testing.TB, dsn, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(Context(t), statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}
