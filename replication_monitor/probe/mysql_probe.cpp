#include "replication_monitor/probe/mysql_probe.hpp"

#include "replication_monitor/decision/mariadb_position.hpp"
#include "replication_monitor/decision/replication_graph.hpp"
#include "replication_monitor/probe/definition_queries.hpp"
#include "replication_monitor/probe/greeting_version.hpp"
#include "replication_monitor/probe/probe_queries.hpp"
#include "replication_monitor/probe/replication_row.hpp"

#include <mysql.h>  // rule of the layer: included here and nowhere else

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>  // explicit_bzero, of the C library
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace weir::replication_monitor {
namespace {

using protocol::mysql::server_flavor;

struct close_connection {
    void operator()(MYSQL* connection) const noexcept { mysql_close(connection); }
};

struct free_result {
    void operator()(MYSQL_RES* result) const noexcept { mysql_free_result(result); }
};

using connection_pointer = std::unique_ptr<MYSQL, close_connection>;
using result_pointer = std::unique_ptr<MYSQL_RES, free_result>;

/// The library counts in whole seconds, and 0 would mean for ever.
unsigned int whole_seconds(std::chrono::milliseconds time) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
    return static_cast<unsigned int>(std::clamp<decltype(seconds)>(seconds, 1, 86'400));
}

std::uint32_t number_of(std::string_view text) {
    std::uint32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string_view view_of(const MYSQL_ROW row, const unsigned long* lengths, std::size_t column) {
    return row[column] == nullptr ? std::string_view{}
                                  : std::string_view{row[column], lengths[column]};
}

/// One row of a result; valid until the next.
struct row_view {
    MYSQL_ROW row;
    const unsigned long* lengths;

    [[nodiscard]] std::string_view text(std::size_t column) const {
        return view_of(row, lengths, column);
    }

    [[nodiscard]] std::optional<std::string> optional_text(std::size_t column) const {
        if (row[column] == nullptr) return std::nullopt;
        return std::string{text(column)};
    }
};

template <class Action>
void for_each_row(MYSQL_RES* rows, Action action) {
    while (const MYSQL_ROW row = mysql_fetch_row(rows))
        action(row_view{row, mysql_fetch_lengths(rows)});
}

// With a CA the library checks the certificate's chain; with VERIFY_SERVER_CERT also the name in
// it.
void set_tls(MYSQL* connection, const config::server_tls_settings& tls) {
    using config::server_tls_mode;
    const bool checks_name = tls.mode == server_tls_mode::verify_identity;
    const bool checks_chain = checks_name || tls.mode == server_tls_mode::verify_ca;
    const auto use_tls = static_cast<my_bool>(tls.mode != server_tls_mode::disabled);
    // Without a CA the chain would not be looked at: then both are, against the system's.
    const auto verify = static_cast<my_bool>(checks_name || (checks_chain && tls.ca.empty()));
    mysql_optionsv(connection, MYSQL_OPT_SSL_ENFORCE, &use_tls);
    mysql_optionsv(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (use_tls == 0) return;
    const auto set_file = [connection](mysql_option option, const std::string& file) {
        if (!file.empty()) mysql_optionsv(connection, option, file.c_str());
    };
    set_file(MYSQL_OPT_SSL_CERT, tls.cert);
    set_file(MYSQL_OPT_SSL_KEY, tls.key);
    if (checks_chain) set_file(MYSQL_OPT_SSL_CA, tls.ca);
    const char* const versions =
        tls.minimum_version == config::tls_version::tls_1_3 ? "TLSv1.3" : "TLSv1.2,TLSv1.3";
    mysql_optionsv(connection, MARIADB_OPT_TLS_VERSION, versions);
}

void set_options(MYSQL* connection, const probe_settings& settings) {
    const auto connect_timeout = whole_seconds(settings.monitor.connect_timeout);
    const auto query_timeout = whole_seconds(settings.monitor.query_timeout);
    mysql_optionsv(connection, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
    mysql_optionsv(connection, MYSQL_OPT_READ_TIMEOUT, &query_timeout);
    mysql_optionsv(connection, MYSQL_OPT_WRITE_TIMEOUT, &query_timeout);
    const unsigned int no_local_files = 0;
    mysql_optionsv(connection, MYSQL_OPT_LOCAL_INFILE, &no_local_files);
    mysql_optionsv(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_optionsv(connection, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "weir-monitor");
    // The longest interval is an hour: the server must not hang up between two probes.
    mysql_optionsv(connection, MYSQL_INIT_COMMAND, "SET SESSION wait_timeout = 28800");
    // "localhost" would mean a Unix socket to the library.
    const bool is_socket = settings.server.address.what == config::endpoint::kind::unix_socket;
    const unsigned int protocol = is_socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    mysql_optionsv(connection, MYSQL_OPT_PROTOCOL, &protocol);
    set_tls(connection, settings.tls);
}

/// What the library keeps of the server's greeting.
server_answers read_greeting(MYSQL* connection) {
    server_answers answers;
    answers.flavor =
        mariadb_connection(connection) != 0 ? server_flavor::mariadb : server_flavor::mysql;
    answers.version_number = static_cast<std::uint32_t>(mysql_get_server_version(connection));
    answers.version_text =
        greeting_version(answers.flavor, answers.version_number, mysql_get_server_info(connection));
    unsigned long capabilities = 0;
    unsigned long extended = 0;
    mariadb_get_infov(connection, MARIADB_CONNECTION_SERVER_CAPABILITIES, &capabilities);
    mariadb_get_infov(connection, MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &extended);
    answers.capabilities = (std::uint64_t{extended} << 32) | (capabilities & 0xFFFF'FFFFU);
    answers.default_collation = static_cast<std::uint8_t>(connection->server_language & 0xFFU);
    return answers;
}

class mysql_probe final : public probe {
public:
    explicit mysql_probe(const probe_settings& settings) : settings_(settings) {}

    mysql_probe(const mysql_probe&) = delete;
    mysql_probe& operator=(const mysql_probe&) = delete;
    mysql_probe(mysql_probe&&) = delete;
    mysql_probe& operator=(mysql_probe&&) = delete;

    ~mysql_probe() override = default;

    probe_result ask() override {
        probe_result result;
        server_answers answers;
        if (connect() && ask_replication(answers) && ask_variables(answers)) {
            result.answers = std::move(answers);
        } else {
            result.error = std::exchange(error_, {});
            connection_.reset();
        }
        return result;
    }

    accounts_reading read_accounts() override {
        accounts_reading reading;
        if (!connect()) {
            reading.error = std::exchange(error_, {});
            return reading;
        }
        const auto sql = probe_queries::accounts(greeting_.flavor, greeting_.version_number);
        const auto rows = query(sql, 4);
        if (!rows) {
            reading.error = std::exchange(error_, {});
            if (!is_denial(error_number_)) {
                connection_.reset();
                return reading;
            }
            reading.what = accounts_reading::outcome::refused;
            return reading;
        }
        while (MYSQL_ROW row = mysql_fetch_row(rows.get())) {
            const auto* const lengths = mysql_fetch_lengths(rows.get());
            account entry;
            entry.user = view_of(row, lengths, 0);
            entry.host = view_of(row, lengths, 1);
            entry.plugin = view_of(row, lengths, 2);
            entry.authentication_string = view_of(row, lengths, 3);
            if (entry.plugin.empty()) entry.plugin = "mysql_native_password";
            if (row[3] != nullptr) explicit_bzero(row[3], lengths[3]);
            reading.accounts.push_back(std::move(entry));
        }
        reading.what = accounts_reading::outcome::read;
        return reading;
    }

    definitions_reading read_definitions(std::string_view known_fingerprint) override {
        using outcome = definitions_reading::outcome;
        definitions_reading reading;
        auto all = std::make_shared<definition_list>();
        const bool is_fingerprinted = connect() && read_loadable_functions(*all) &&
                                      read_fingerprint(*all, reading.fingerprint);
        if (is_fingerprinted && reading.fingerprint == known_fingerprint) {
            reading.what = outcome::unchanged;
        } else if (is_fingerprinted && read_routines(*all) && read_views(*all)) {
            reading.what = outcome::read;
            reading.definitions = std::move(all);
        } else {
            reading.error = std::exchange(error_, {});
            connection_.reset();
        }
        return reading;
    }

private:
    /// ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR,
    /// ER_SPECIFIC_ACCESS_DENIED_ERROR.
    static bool is_denial(unsigned int number) {
        return number == 1044 || number == 1142 || number == 1143 || number == 1227;
    }

    bool connect() {
        if (connection_) return true;
        connection_.reset(mysql_init(nullptr));
        if (!connection_) return fail("out of memory");
        set_options(connection_.get(), settings_);
        const auto& [what, host, port, path] = settings_.server.address;
        const bool is_socket = what == config::endpoint::kind::unix_socket;
        const auto* const connected = mysql_real_connect(
            connection_.get(),
            is_socket ? nullptr : host.c_str(),
            settings_.monitor.user.c_str(),
            settings_.monitor.password.c_str(),
            nullptr,
            port,
            is_socket ? path.c_str() : nullptr,
            0
        );
        if (connected == nullptr) {
            fail_with_library_error();
            connection_.reset();
            return false;
        }
        const bool is_required = settings_.tls.mode != config::server_tls_mode::disabled &&
                                 settings_.tls.mode != config::server_tls_mode::preferred;
        if (is_required && mysql_get_ssl_cipher(connection_.get()) == nullptr) {
            connection_.reset();
            return fail("TLS is required, but the server does not offer it");
        }
        greeting_ = read_greeting(connection_.get());
        return true;
    }

    // Asked before the GTIDs: whatever the lag says has been applied is then in the executed set.
    bool ask_replication(server_answers& answers) {
        answers = greeting_;
        const auto sql = probe_queries::replication(greeting_.flavor, greeting_.version_number);
        const auto rows = query(sql, 1);
        if (!rows) return false;
        const std::span fields{mysql_fetch_fields(rows.get()), mysql_num_fields(rows.get())};
        std::vector<named_value> columns(fields.size());
        while (const MYSQL_ROW row = mysql_fetch_row(rows.get())) {
            const auto* const lengths = mysql_fetch_lengths(rows.get());
            for (std::size_t index = 0; index < fields.size(); ++index) {
                columns[index].name = {fields[index].name, fields[index].name_length};
                columns[index].value.reset();
                if (row[index] != nullptr) columns[index].value = view_of(row, lengths, index);
            }
            if (auto channel = read_channel(columns)) {
                answers.channels.push_back(std::move(*channel));
            }
        }
        return true;
    }

    bool ask_variables(server_answers& answers) {
        const auto rows = query(probe_queries::variables(greeting_.flavor), 6);
        if (!rows) return false;
        const MYSQL_ROW row = mysql_fetch_row(rows.get());
        if (row == nullptr) return fail("no row of server variables");
        const auto* const lengths = mysql_fetch_lengths(rows.get());
        answers.read_only = read_switch(view_of(row, lengths, 0));
        answers.super_read_only = read_switch(view_of(row, lengths, 1));
        answers.server_id = number_of(view_of(row, lengths, 2));
        answers.server_uuid = view_of(row, lengths, 3);
        auto executed = executed_of(view_of(row, lengths, 4), view_of(row, lengths, 5), answers);
        if (!executed) return fail("its GTIDs cannot be read: " + executed.error().message());
        answers.executed = std::move(*executed);
        return true;
    }

    static result<protocol::mysql::gtid_set> executed_of(
        std::string_view executed, std::string_view applied, const server_answers& answers
    ) {
        if (answers.flavor == server_flavor::mysql) {
            return protocol::mysql::gtid_set::parse(executed, server_flavor::mysql);
        }
        const auto applies = [](const replication_channel& channel) {
            return channel.applier_running;
        };
        const auto& channels = answers.channels;
        const bool is_running = std::any_of(channels.begin(), channels.end(), applies);
        return executed_set(
            {.binlog = executed, .applied = applied},
            is_running ? applier_state::running : applier_state::idle
        );
    }

    bool read_loadable_functions(definition_list& all) {
        all.flavor = greeting_.flavor;
        all.version_number = greeting_.version_number;
        const auto sql =
            definition_queries::loadable_functions(greeting_.flavor, greeting_.version_number);
        const auto rows = query(sql, 1);
        if (!rows) return is_denial(error_number_);
        auto& names = all.loadable_functions.emplace();
        for_each_row(rows.get(), [&](const row_view& row) { names.emplace_back(row.text(0)); });
        return true;
    }

    bool read_fingerprint(definition_list& all, std::string& fingerprint) {
        const auto rows = query(definition_queries::fingerprint, 5);
        if (!rows) return false;
        fingerprint = std::to_string(all.version_number);
        for_each_row(rows.get(), [&](const row_view& row) {
            all.may_miss_views = row.text(0) != "2";
            for (std::size_t column = 0; column < 5; ++column)
                fingerprint.append("/").append(row.text(column));
        });
        if (!all.loadable_functions) fingerprint += "/?";
        for (const auto& name : all.loadable_functions.value_or(std::vector<std::string>{}))
            fingerprint.append("/").append(name);
        return true;
    }

    bool read_routines(definition_list& all) {
        using routine_key = std::tuple<std::string, std::string, std::string>;
        std::map<routine_key, std::vector<std::string>> parameters;
        const auto named = query(definition_queries::parameters, 4);
        if (!named) return false;
        for_each_row(named.get(), [&](const row_view& row) {
            const routine_key key{row.text(0), row.text(1), row.text(2)};
            parameters[key].emplace_back(row.text(3));
        });
        const auto rows = query(definition_queries::routines, 5);
        if (!rows) return false;
        for_each_row(rows.get(), [&](const row_view& row) {
            stored_routine routine;
            routine.schema = row.text(0);
            routine.name = row.text(1);
            routine.type = row.text(2);
            routine.sql_mode = row.text(3);
            routine.body = row.optional_text(4);
            routine.parameters = parameters[{routine.schema, routine.name, routine.type}];
            all.routines.push_back(std::move(routine));
        });
        return true;
    }

    bool read_views(definition_list& all) {
        const auto rows = query(definition_queries::views, 3);
        if (!rows) return false;
        for_each_row(rows.get(), [&](const row_view& row) {
            all.views.push_back(
                {std::string{row.text(0)}, std::string{row.text(1)}, row.optional_text(2)}
            );
        });
        return true;
    }

    /// Null with `error_` set if it fails or answers with fewer columns than expected.
    result_pointer query(std::string_view sql, unsigned int columns) {
        if (mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0) {
            fail_with_library_error();
            return nullptr;
        }
        result_pointer rows{mysql_store_result(connection_.get())};
        if (!rows) {
            fail_with_library_error();
        } else if (mysql_num_fields(rows.get()) < columns) {
            fail("an answer has too few columns");
            rows.reset();
        }
        return rows;
    }

    bool fail(std::string why) {
        error_ = std::move(why);
        error_number_ = 0;
        return false;
    }

    void fail_with_library_error() {
        error_number_ = mysql_errno(connection_.get());
        error_ = "error " + std::to_string(error_number_) + ": " + mysql_error(connection_.get());
    }

    probe_settings settings_;
    connection_pointer connection_;
    server_answers greeting_;  ///< of the open connection
    std::string error_;        ///< of the last call that failed
    unsigned int error_number_ = 0;
};

}  // namespace

std::unique_ptr<probe> make_mysql_probe(const probe_settings& settings) {
    // The library's set-up is not safe on two threads at once, and probes are made on theirs.
    static std::once_flag library_ready;
    std::call_once(library_ready, [] { mysql_library_init(0, nullptr, nullptr); });
    return std::make_unique<mysql_probe>(settings);
}

}  // namespace weir::replication_monitor
