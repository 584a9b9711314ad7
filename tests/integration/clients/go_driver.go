// Go's driver (Debian's golang-github-go-sql-driver-mysql-dev); README.md says what is asked of it.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/go-sql-driver/mysql"
)

type seen struct {
	Select     int      `json:"select"`
	Prepared   []string `json:"prepared"`
	Utf8mb4    string   `json:"utf8mb4"`
	RolledBack int      `json:"rolled_back"`
	Committed  int      `json:"committed"`
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func settings() *mysql.Config {
	config := mysql.NewConfig()
	config.Net = "tcp"
	config.Addr = os.Getenv("WEIR_HOST") + ":" + os.Getenv("WEIR_PORT")
	config.User = os.Getenv("WEIR_USER")
	config.Passwd = os.Getenv("WEIR_PASSWORD")
	config.DBName = os.Getenv("WEIR_SCHEMA")
	if file := os.Getenv("WEIR_TLS_CA"); file != "" {
		pem, err := os.ReadFile(file)
		must(err)
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		must(mysql.RegisterTLSConfig("weir", &tls.Config{RootCAs: pool, ServerName: os.Getenv("WEIR_HOST")}))
		config.TLSConfig = "weir"
	}
	return config
}

func transaction(db *sql.DB, insert string, id int, end func(*sql.Tx) error) {
	running, err := db.Begin()
	must(err)
	_, err = running.Exec(insert, id, "x")
	must(err)
	must(end(running))
}

func main() {
	db, err := sql.Open("mysql", settings().FormatDSN())
	must(err)
	db.SetMaxOpenConns(1)
	var refused *mysql.MySQLError
	if err := db.Ping(); errors.As(err, &refused) {
		fmt.Printf("{\"error\": %d}\n", refused.Number)
		return
	} else {
		must(err)
	}
	table := os.Getenv("WEIR_TABLE")
	insert := "INSERT INTO " + table + " VALUES (?, ?)"
	count := "SELECT COUNT(*) FROM " + table + " WHERE id = ?"
	var result seen
	var name string
	must(db.QueryRow("SELECT 6 * 7").Scan(&result.Select))
	read, err := db.Prepare("SELECT name FROM " + table + " WHERE id = ?")
	must(err)
	for _, id := range []int{1, 2} {
		must(read.QueryRow(id).Scan(&name))
		result.Prepared = append(result.Prepared, name)
	}
	_, err = db.Exec(insert, 3, "ä→🌊")
	must(err)
	must(read.QueryRow(3).Scan(&result.Utf8mb4))
	transaction(db, insert, 50, (*sql.Tx).Rollback)
	transaction(db, insert, 51, (*sql.Tx).Commit)
	must(db.QueryRow(count, 50).Scan(&result.RolledBack))
	must(db.QueryRow(count, 51).Scan(&result.Committed))
	must(json.NewEncoder(os.Stdout).Encode(result))
}
