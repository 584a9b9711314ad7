#include "splitter/sql/statement_readings.hpp"

#include <xxhash.h>

#include <bit>
#include <utility>

namespace weir::splitter {
namespace {

std::uint64_t hash_of_form(std::string_view bytes) noexcept {
    return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace

statement_readings::statement_readings(std::size_t forms)
    : places_(forms == 0 ? 0 : std::bit_ceil((forms + 1) / 2)) {}

const statement_reading* statement_readings::find(const statement_form& form) const noexcept {
    if (!form.exists() || places_.empty()) return nullptr;
    const std::uint64_t hash = hash_of_form(form.bytes());
    for (const kept& one : places_[hash & (places_.size() - 1)].forms) {
        if (one.hash == hash && one.form == form.bytes()) return &one.reading;
    }
    return nullptr;
}

void statement_readings::keep(const statement_form& form, const statement_reading& reading) {
    if (!form.exists() || places_.empty() || !means_the_same(reading.traits)) return;
    const std::uint64_t hash = hash_of_form(form.bytes());
    place& here = places_[hash & (places_.size() - 1)];
    if (std::exchange(here.seen, hash) != hash) return;
    std::swap(here.forms[0], here.forms[1]);
    here.forms[0] = {std::string(form.bytes()), hash, reading};
}

}  // namespace weir::splitter
