// The time to classify a statement, to find its digest, and to do both in one pass or in two.

#include "splitter/sql/classifier.hpp"
#include "splitter/sql/digest.hpp"

#include <benchmark/benchmark.h>
#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

constexpr lexer_options options{
    .flavor = protocol::mysql::server_flavor::mariadb, .server_version = 101119};

std::string insert_of(int rows) {
    constexpr int columns = 20;
    std::string sql = "INSERT INTO orders (";
    for (int column = 0; column < columns; ++column)
        sql += (column == 0 ? "column_" : ", column_") + std::to_string(column);
    sql += ") VALUES ";
    for (int row = 0; row < rows; ++row) {
        sql += row == 0 ? "(" : ", (";
        for (int column = 0; column < columns; ++column) {
            if (column != 0) sql += ", ";
            sql += column % 2 == 0 ? std::to_string(1'000 * row + column) : "'value of a column'";
        }
        sql += ")";
    }
    return sql;
}

const std::string point_select = "SELECT c FROM sbtest1 WHERE id=5023";
const std::string join =
    "SELECT o.id, o.total, c.name FROM orders o JOIN customers c ON c.id = o.customer_id "
    "WHERE o.state IN ('open', 'paid') AND o.created_at > '2026-01-01' ORDER BY o.id DESC LIMIT 20";
const std::string insert_one = insert_of(1);
const std::string insert_1000 = insert_of(1'000);

void only_classify(benchmark::State& state, const std::string& sql) {
    for (auto step : state)
        benchmark::DoNotOptimize(classify(sql, options));
}

void only_digest(benchmark::State& state, const std::string& sql) {
    for (auto step : state)
        benchmark::DoNotOptimize(digest_of(sql, options));
}

void both_in_one_pass(benchmark::State& state, const std::string& sql) {
    for (auto step : state) {
        statement_digest digest;
        benchmark::DoNotOptimize(classify(sql, options, digest));
        benchmark::DoNotOptimize(digest.finish());
    }
}

void both_in_two_passes(benchmark::State& state, const std::string& sql) {
    for (auto step : state) {
        benchmark::DoNotOptimize(classify(sql, options));
        benchmark::DoNotOptimize(digest_of(sql, options));
    }
}

void text_of_digest(benchmark::State& state, const std::string& sql) {
    for (auto step : state)
        benchmark::DoNotOptimize(digest_text(sql, options, 2'048));
}

#define WEIR_BENCHMARK_STATEMENT(sql)                \
    BENCHMARK_CAPTURE(only_classify, sql, sql);      \
    BENCHMARK_CAPTURE(only_digest, sql, sql);        \
    BENCHMARK_CAPTURE(both_in_one_pass, sql, sql);   \
    BENCHMARK_CAPTURE(both_in_two_passes, sql, sql); \
    BENCHMARK_CAPTURE(text_of_digest, sql, sql)

WEIR_BENCHMARK_STATEMENT(point_select);
WEIR_BENCHMARK_STATEMENT(join);
WEIR_BENCHMARK_STATEMENT(insert_one);
WEIR_BENCHMARK_STATEMENT(insert_1000);

}  // namespace
}  // namespace weir::splitter
