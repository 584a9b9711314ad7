#pragma once

#include "protocol/mysql/command.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "splitter/session/session_state.hpp"
#include "splitter/sql/digest_hash.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace weir::splitter {

/// What tells one answer from another: all of its bytes, as the client has them.
struct answer_sum {
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;
    friend bool operator==(const answer_sum&, const answer_sum&) = default;
};

/// Sums up an answer that comes in pieces, whatever these are.
class running_sum {
public:
    void append(protocol::wire::bytes_view piece);
    /// Ends the sum; the next append begins another.
    [[nodiscard]] answer_sum finish();

private:
    std::optional<digest_hash> hash_;
    std::uint64_t bytes_ = 0;
};

/// One command of a transaction, as it was sent.
struct logged_command {
    protocol::mysql::command command = protocol::mysql::command::query;
    protocol::mysql::response_kind response = protocol::mysql::response_kind::query;
    std::uint32_t statement = 0;      ///< the client's id of the prepared statement; 0: none
    std::vector<std::byte> types{};   ///< of its parameters, as bound before
    std::uint64_t columns = 0;        ///< of its results, as the client had them before
    std::vector<std::byte> packet{};  ///< with its header; one frame
    answer_sum answer{};
    bool reads_tables = false;  ///< a query that sees the transaction's snapshot
};

/// What a transaction has done since its start: its commands, and the sums of their answers. It can
/// be run again elsewhere as long as the log is whole; a read-only one that has to go on at the
/// primary, as long as all is there that it has read. Owned by a session_core.
class transaction_log {
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct limits {
        std::uint32_t statements = 0;
        std::uint64_t bytes = 0;
        std::chrono::milliseconds age{0};
    };

    /// The session as it is when the transaction begins.
    struct beginning {
        time_point at{};
        state_mark state{};
        std::uint64_t insert_id = 0;
        bool on_replica = false;
        bool reads_committed = false;  ///< each read sees what is there: READ COMMITTED or less
    };

    enum class missing : std::uint8_t { read, other };

    transaction_log(const limits& most, const beginning& from) : limits_(most), from_(from) {}

    /// False: it is too much, and has not been taken.
    [[nodiscard]] bool append(logged_command done);

    /// Its statements have made an id that LAST_INSERT_ID() tells.
    void note_insert_id() noexcept { has_insert_id_ = true; }

    /// A command is missing.
    void lose(missing what) noexcept {
        is_whole_ = false;
        if (what == missing::read) has_all_reads_ = false;
    }

    /// Another transaction has begun behind it, as COMMIT AND CHAIN has it: how is not known.
    void begin_next() noexcept;

    [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }

    [[nodiscard]] bool has_all_reads() const noexcept { return has_all_reads_; }

    /// Of what it knows; there may have been more.
    [[nodiscard]] bool has_reads() const noexcept;

    void note_write() noexcept { has_written_ = true; }

    [[nodiscard]] const std::vector<logged_command>& commands() const noexcept { return commands_; }

    [[nodiscard]] const beginning& from() const noexcept { return from_; }

    [[nodiscard]] bool has_insert_id() const noexcept { return has_insert_id_; }

    [[nodiscard]] bool has_written() const noexcept { return has_written_; }

    /// It began too long ago to be run again.
    [[nodiscard]] bool is_too_old(time_point now) const noexcept {
        return now - from_.at > limits_.age;
    }

    [[nodiscard]] bool uses(std::uint32_t statement) const noexcept;

private:
    std::vector<logged_command> commands_;
    limits limits_;
    beginning from_;
    std::uint64_t bytes_ = 0;
    bool has_insert_id_ = false;
    bool has_written_ = false;
    bool is_whole_ = true;
    bool has_all_reads_ = true;
};

}  // namespace weir::splitter
