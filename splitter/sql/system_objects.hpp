#pragma once

#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// What reading a table of a schema says about where it may be read.
enum class table_home : std::uint8_t {
    replicated,  ///< data that every server of a cluster has
    one_server,  ///< data about one server: processes, statistics, accounts, logs
};

/// mysql, sys, performance_schema, information_schema. A session whose current schema is one of
/// these reads the data of one server without naming the schema: its reads belong to the primary.
[[nodiscard]] bool is_system_schema(std::string_view schema) noexcept;

/// Where `schema`.`table` lives. Both without quotes. In information_schema the tables that
/// describe replicated definitions are as good on a replica, all others belong to one server.
[[nodiscard]] table_home home_of_table(std::string_view schema, std::string_view table) noexcept;

/// What reading a system variable in a statement says.
enum class variable_meaning : std::uint8_t {
    identity,           ///< who or what the server is: any server may answer for itself
    reads_previous,     ///< set by the last statement of its connection that made a number
    reads_diagnostics,  ///< set by the statement before it, whatever that was
    one_server,         ///< every other one
};

/// `name` as in the statement: "@@name", "@@global.name", "@@`name`".
[[nodiscard]] variable_meaning meaning_of_variable(std::string_view name) noexcept;

/// Is it `variable` ("pseudo_thread_id"), however it is written?
[[nodiscard]] bool is_variable(std::string_view name, std::string_view variable) noexcept;

/// What a connection reports of its session hangs on it: once set, not all of it may be known, and
/// no value but weir's own makes that good.
[[nodiscard]] bool is_about_tracking(std::string_view variable) noexcept;

/// True if SET of this session variable has an effect that only its own connection can hold:
/// one-shot values, and what steers the replication of the next statements.
[[nodiscard]] bool is_bound_to_connection(std::string_view variable) noexcept;

}  // namespace weir::splitter
