#include "src/proxy/definition_ledger.hpp"

#include <algorithm>
#include <utility>

namespace weir::proxy {
namespace {

using splitter::definition_change;
using splitter::routine_source;

/// So many changes are kept apart, as long as no reading succeeds; more views than that are any.
constexpr std::size_t kept_apart = 64;

routine_source::kind kind_of(std::string_view type) {
    if (type == "FUNCTION") return routine_source::kind::function;
    return type == "PROCEDURE" ? routine_source::kind::procedure : routine_source::kind::other;
}

/// The monitor's words in the splitter's; neither knows the other.
splitter::definition_source source_of(const replication_monitor::definition_list& list) {
    splitter::definition_source source;
    source.flavor = list.flavor;
    source.version_number = list.version_number;
    source.loadable_functions = list.loadable_functions;
    for (const auto& one : list.routines) {
        source.routines.push_back(
            {kind_of(one.type), one.schema, one.name, one.body, one.sql_mode, one.parameters}
        );
    }
    for (const auto& one : list.views)
        source.views.push_back({one.schema, one.name, one.query});
    return source;
}

}  // namespace

definition_ledger::definition_ledger() {
    publish();
}

void definition_ledger::on_read(
    std::shared_ptr<const replication_monitor::definition_list> list, time_point asked_at
) {
    std::shared_ptr<const splitter::routine_catalog> made;
    // Long work for thousands of routines, so outside the lock; only one thread reads.
    if (!is_last(list)) made = splitter::routine_catalog::make(source_of(*list));
    const std::scoped_lock lock(mutex_);
    if (!is_enabled_) return;
    const auto seen = std::erase_if(unseen_, [asked_at](const entry& one) {
        return one.under_way == 0 && one.ended_at < asked_at;
    });
    const bool is_new = made != nullptr;
    if (is_new) {
        list_ = std::move(list);
        catalog_ = std::move(made);
    }
    if (is_new || seen > 0) publish();
}

bool definition_ledger::is_last(
    const std::shared_ptr<const replication_monitor::definition_list>& list
) {
    const std::scoped_lock lock(mutex_);
    return list == list_;
}

void definition_ledger::set_enabled(bool enabled) {
    const std::scoped_lock lock(mutex_);
    if (is_enabled_ == enabled) return;
    is_enabled_ = enabled;
    list_.reset();
    catalog_.reset();
    publish();
}

void definition_ledger::begin(const definition_change& change) {
    const std::scoped_lock lock(mutex_);
    if (change.is_assumed) return;
    ++entry_of(change).under_way;
}

void definition_ledger::end(const definition_change& change, time_point now) {
    {
        const std::scoped_lock lock(mutex_);
        entry& found = entry_of(change);
        if (!change.is_assumed) --found.under_way;
        found.ended_at = now;
        if (unseen_.size() > kept_apart) fold_ended();
        if (!is_enabled_) std::erase_if(unseen_, &definition_ledger::has_ended);
    }
    if (request_reading) request_reading();
}

void definition_ledger::fold_ended() {
    entry all{{.which = definition_change::views::any}};
    for (const entry& one : unseen_) {
        if (has_ended(one)) all.ended_at = std::max(all.ended_at, one.ended_at);
    }
    std::erase_if(unseen_, &definition_ledger::has_ended);
    entry_of(all.change).ended_at = all.ended_at;
}

definition_ledger::entry& definition_ledger::entry_of(const definition_change& change) {
    const auto find = [this](const definition_change& wanted) {
        return std::ranges::find(unseen_, wanted, &entry::change);
    };
    auto found = find(change);
    if (found != unseen_.end()) return *found;
    unseen_.push_back({change});
    publish();
    return unseen_.back();
}

void definition_ledger::publish() {
    std::vector<definition_change> unseen;
    for (const entry& one : unseen_)
        unseen.push_back(one.change);
    known_.publish(std::make_shared<const splitter::known_definitions>(++version_, catalog_, unseen)
    );
}

}  // namespace weir::proxy
