#include "splitter/rules/pattern_filter.hpp"

#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>
#include <string>

namespace weir::splitter {
namespace {

/// Shorter words are in too many texts.
constexpr int shortest_word = 3;

/// For the states of the search for words; what does not fit is computed anew.
constexpr std::int64_t memory_of_search = 8 << 20;

}  // namespace

struct pattern_filter::words {
    re2::FilteredRE2 patterns{shortest_word};
    std::unique_ptr<RE2::Set> search;
};

pattern_filter::pattern_filter(std::size_t count, std::span<const entry> entries)
    : rules_(words_for(count), 0) {
    for (const entry& each : entries)
        set_bit(rules_, each.rule);
    if (!is_worth_it(entries.size())) return;

    auto made = std::make_unique<words>();
    RE2::Options options;
    for (const entry& each : entries) {
        const RE2& expression = each.expression->expression();
        options.Copy(expression.options());
        int number = 0;  // they count from 0 on
        if (made->patterns.Add(expression.pattern(), options, &number) != RE2::NoError) return;
        owners_.push_back(each.rule);
    }
    std::vector<std::string> texts;
    made->patterns.Compile(&texts);
    options.set_max_mem(memory_of_search);
    made->search = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (const std::string& text : texts) {
        if (made->search->Add(RE2::QuoteMeta(text), nullptr) < 0) return;
    }
    if (made->search->Compile()) words_ = std::move(made);
}

pattern_filter::pattern_filter(pattern_filter&&) noexcept = default;
pattern_filter& pattern_filter::operator=(pattern_filter&&) noexcept = default;
pattern_filter::~pattern_filter() = default;

rule_bits pattern_filter::find(std::string_view text) const {
    if (words_ == nullptr) return rules_;
    std::vector<int> found;
    RE2::Set::ErrorInfo error{};
    if (!words_->search->Match(text, &found, &error) && error.kind != RE2::Set::kNoError)
        return rules_;  // no memory for the search: nothing is ruled out
    std::vector<int> possible;
    words_->patterns.AllPotentials(found, &possible);
    rule_bits bits(rules_.size(), 0);
    for (const int number : possible)
        set_bit(bits, owners_[static_cast<std::size_t>(number)]);
    return bits;
}

}  // namespace weir::splitter
