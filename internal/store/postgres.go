package store

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	"github.com/pressly/goose/v3"
)

// postgresEngine connects to a PostgreSQL database. Its backup is the
// administrator's, so nothing is copied aside.
func postgresEngine(dsn string) engine {
	return engine{
		driver:     "pgx",
		writeDSN:   dsn,
		readDSN:    dsn,
		dialect:    goose.DialectPostgres,
		lockClause: "FOR UPDATE SKIP LOCKED",
		reading:    &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		busy:       postgresBusy,
	}
}

// Codes of PostgreSQL's appendix A after which a transaction is to be run again.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

func postgresBusy(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == serializationFailure || e.Code == deadlockDetected)
}
