#pragma once

#include "splitter/sql/lexer.hpp"
#include "src/proxy/digest_counters.hpp"
#include "src/runtime/counter.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace weir::proxy {

/// A statement as one user gave it in one schema.
struct digest_subject {
    std::uint64_t digest = 0;   ///< splitter::digest_of(sql)
    std::string_view schema{};  ///< the current one; may be empty
    std::string_view user{};
    std::string_view sql{};  ///< only looked at if the subject is new
    splitter::lexer_options reading{};
};

/// One entry of the table, copied for a reader.
struct digest_row {
    std::uint64_t digest = 0;
    std::string text;
    std::string schema;
    std::string user;
    std::string_view pin_cause{};  ///< the last one, static text; empty: never pinned
    std::chrono::steady_clock::time_point first_seen{};
    std::chrono::steady_clock::time_point last_seen{};
    digest_numbers numbers;
};

/// What one worker counts by digest, schema and user: at most `entries` of them. Beyond that a new
/// one takes the place of the one that was used least recently, of sixteen that are looked at in
/// turn; what that one had counted goes to `others`, so that sums stay right. Two subjects with one
/// 64-bit hash are taken for the same.
///
/// A subject that is known costs a look-up and no allocation. Only a new one takes the lock under
/// which readers copy, and only if it is free: the worker never waits, and counts a statement among
/// the others instead. Thread: the worker's, but where it says "any".
class digest_table {
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct limits {
        std::size_t entries = 0;     ///< 0: nothing is counted
        std::size_t text_bytes = 0;  ///< of each digest's text; the rest is cut off
    };

    /// Names an entry until its statement has been answered. The entry may be gone by then.
    struct ticket {
        static constexpr std::uint32_t no_slot = 0xFFFFFFFF;
        std::uint32_t slot = no_slot;
        std::uint64_t key = 0;
    };

    explicit digest_table(const limits& most);
    ~digest_table();
    digest_table(const digest_table&) = delete;
    digest_table& operator=(const digest_table&) = delete;

    [[nodiscard]] bool is_counting() const noexcept { return !slots_.empty(); }

    /// A statement begins.
    [[nodiscard]] ticket find_or_add(const digest_subject& subject, time_point now);

    /// It has been answered.
    void on_statement(const ticket& which, const digest_facts& facts, time_point now) noexcept;

    /// All entries of which a statement has been answered, copied in small groups: entries of
    /// different groups may be from different instants. Any thread.
    [[nodiscard]] std::vector<digest_row> rows() const;

    /// What was counted without an entry. Any thread.
    [[nodiscard]] digest_numbers others() const noexcept { return others_.numbers(); }

    /// Any thread.
    [[nodiscard]] std::int64_t size() const noexcept { return size_.value(); }

    /// Entries that gave way to others. Any thread.
    [[nodiscard]] std::uint64_t evictions() const noexcept { return evictions_.value(); }

private:
    struct entry;

    [[nodiscard]] static std::uint64_t key_of(const digest_subject& subject) noexcept;
    [[nodiscard]] ticket add(std::uint64_t key, const digest_subject& subject, time_point now);
    [[nodiscard]] std::uint32_t choose_slot() noexcept;

    const limits limits_;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> index_;  ///< key -> slot
    /// Written by the worker under the lock, read by it without.
    std::vector<std::unique_ptr<entry>> slots_;
    mutable std::mutex mutex_;
    std::uint32_t next_victim_ = 0;
    digest_counters others_;
    runtime::gauge size_;
    runtime::counter evictions_;
};

}  // namespace weir::proxy
