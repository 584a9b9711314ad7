#include "src/proxy/digest_table.hpp"

#include "splitter/sql/digest.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace weir::proxy {
namespace {

constexpr std::uint32_t victims_looked_at = 16;
constexpr std::size_t rows_per_lock = 64;

}  // namespace

/// What names it, when it was seen first and the pin's cause are written under the table's lock.
struct digest_table::entry {
    std::uint64_t key = 0;
    std::uint64_t digest = 0;
    std::string text;
    std::string schema;
    std::string user;
    time_point first_seen{};
    std::string_view pin_cause{};
    runtime::gauge last_seen;  ///< ticks of the steady clock
    digest_counters counters;

    [[nodiscard]] digest_row copy() const {
        return {
            .digest = digest,
            .text = text,
            .schema = schema,
            .user = user,
            .pin_cause = pin_cause,
            .first_seen = first_seen,
            .last_seen = time_point(time_point::duration(last_seen.value())),
            .numbers = counters.numbers()};
    }

    void note_pin(std::string_view cause, std::mutex& mutex) noexcept {
        if (cause.empty() || cause.data() == pin_cause.data()) return;
        const std::unique_lock lock(mutex, std::try_to_lock);
        if (lock.owns_lock()) pin_cause = cause;
    }
};

digest_table::digest_table(const limits& most) : limits_(most), slots_(most.entries) {
    index_.reserve(most.entries);
}

digest_table::~digest_table() = default;

std::uint64_t digest_table::key_of(const digest_subject& subject) noexcept {
    std::size_t key = subject.digest;
    boost::hash_combine(key, std::hash<std::string_view>{}(subject.schema));
    boost::hash_combine(key, std::hash<std::string_view>{}(subject.user));
    return key;
}

digest_table::ticket digest_table::find_or_add(const digest_subject& subject, time_point now) {
    if (!is_counting()) return {};
    const std::uint64_t key = key_of(subject);
    if (const auto known = index_.find(key); known != index_.end()) return {known->second, key};
    return add(key, subject, now);
}

digest_table::ticket digest_table::add(
    std::uint64_t key, const digest_subject& subject, time_point now
) {
    auto fresh = std::make_unique<entry>();
    fresh->key = key;
    fresh->digest = subject.digest;
    fresh->text = splitter::digest_text(subject.sql, subject.reading, limits_.text_bytes);
    fresh->text.shrink_to_fit();
    fresh->schema = subject.schema;
    fresh->user = subject.user;
    fresh->first_seen = now;
    fresh->last_seen.set(now.time_since_epoch().count());

    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return {};  // a reader copies
    const std::uint32_t slot = choose_slot();
    std::swap(slots_[slot], fresh);
    if (fresh == nullptr) {
        size_.add();
    } else {
        others_.add(fresh->counters.numbers());
        evictions_.add();
        index_.erase(fresh->key);
    }
    index_.emplace(key, slot);
    return {slot, key};
}

/// A free one; else one of those used least recently.
std::uint32_t digest_table::choose_slot() noexcept {
    const auto used = static_cast<std::size_t>(size_.value());
    if (used < slots_.size()) return static_cast<std::uint32_t>(used);
    const auto count = static_cast<std::uint32_t>(slots_.size());
    std::uint32_t oldest = next_victim_;
    for (std::uint32_t i = 0; i < std::min(victims_looked_at, count); ++i) {
        if (slots_[next_victim_]->last_seen.value() < slots_[oldest]->last_seen.value())
            oldest = next_victim_;
        next_victim_ = (next_victim_ + 1) % count;
    }
    return oldest;
}

void digest_table::on_statement(
    const ticket& which, const digest_facts& facts, time_point now
) noexcept {
    if (!is_counting()) return;
    if (which.slot == ticket::no_slot || slots_[which.slot]->key != which.key)
        return others_.record(facts);
    entry& known = *slots_[which.slot];
    known.note_pin(facts.pin_cause, mutex_);
    known.counters.record(facts);
    known.last_seen.set(now.time_since_epoch().count());
}

std::vector<digest_row> digest_table::rows() const {
    std::vector<digest_row> copies;
    copies.reserve(static_cast<std::size_t>(size_.value()));
    for (std::size_t begin = 0; begin < slots_.size(); begin += rows_per_lock) {
        const std::scoped_lock lock(mutex_);
        const std::size_t end = std::min(begin + rows_per_lock, slots_.size());
        for (std::size_t slot = begin; slot < end; ++slot) {
            if (slots_[slot] == nullptr) return copies;  // they are filled in order
            digest_row row = slots_[slot]->copy();
            if (row.numbers.count() > 0) copies.push_back(std::move(row));
        }
    }
    return copies;
}

}  // namespace weir::proxy
