#include "splitter/rules/rule_index.hpp"

namespace weir::splitter {
namespace {

rule_bits no_bits(std::size_t rules) {
    return rule_bits(words_for(rules), 0);
}

}  // namespace

template <class Value, class Hash>
void rule_index::dimension<Value, Hash>::fill(
    const std::vector<config::rule_settings>& rules,
    std::vector<Value> config::rule_condition::*named
) {
    open = no_bits(rules.size());
    for (std::size_t index = 0; index < rules.size(); ++index) {
        const auto& values = rules[index].when.*named;
        if (values.empty()) set_bit(open, index);
    }
    for (std::size_t index = 0; index < rules.size(); ++index) {
        for (const Value& value : rules[index].when.*named)
            set_bit(by_value.try_emplace(value, open).first->second, index);
    }
}

rule_index::rule_index(const std::vector<config::rule_settings>& rules)
    : words_(words_for(rules.size())), any_kind_(no_bits(rules.size())) {
    users_.fill(rules, &config::rule_condition::users);
    schemas_.fill(rules, &config::rule_condition::schemas);
    digests_.fill(rules, &config::rule_condition::digests);
    by_kind_.fill(no_bits(rules.size()));
    for (std::size_t index = 0; index < rules.size(); ++index) {
        const auto& kinds = rules[index].when.kinds;
        if (kinds.empty()) set_bit(any_kind_, index);
        for (const config::statement_kind kind : kinds)
            set_bit(by_kind_[static_cast<std::size_t>(kind)], index);
    }
}

rule_index::lookup rule_index::find(const indexed_facts& facts) const {
    lookup found;
    found.user_ = users_.find(facts.user);
    found.schema_ = schemas_.find(facts.schema);
    found.digest_ = facts.digest ? digests_.find(*facts.digest) : &digests_.open;
    found.any_kind_ = &any_kind_;
    for (std::size_t kind = 0; kind < by_kind_.size(); ++kind) {
        if (facts.kinds.has(static_cast<config::statement_kind>(kind)))
            found.by_kind_[found.kind_count_++] = &by_kind_[kind];
    }
    return found;
}

}  // namespace weir::splitter
