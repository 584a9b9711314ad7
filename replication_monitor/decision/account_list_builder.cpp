#include "replication_monitor/decision/account_list_builder.hpp"

#include <algorithm>
#include <cstring>  // explicit_bzero, of the C library
#include <tuple>
#include <utility>

namespace weir::replication_monitor {
namespace {

void wipe(account& entry) noexcept {
    explicit_bzero(entry.authentication_string.data(), entry.authentication_string.size());
}

void wipe_and_delete(account_list* list) noexcept {
    for (auto& [user, entry] : list->by_user)
        wipe(entry);
    delete list;
}

std::shared_ptr<account_list> make_wiped_list() {
    return {new account_list{}, &wipe_and_delete};
}

auto sort_key(const account& entry) {
    return std::tie(entry.user, entry.host, entry.plugin, entry.authentication_string);
}

bool has_same_accounts(const account_list& one, const account_list& other) {
    return one.readable == other.readable && one.by_user == other.by_user;
}

}  // namespace

std::shared_ptr<const account_list> account_list_builder::update(accounts_reading reading) {
    if (reading.what == accounts_reading::outcome::failed) return last_;
    // In an order of our own, as servers list equal accounts in any.
    std::sort(
        reading.accounts.begin(),
        reading.accounts.end(),
        [](const auto& one, const auto& two) { return sort_key(one) < sort_key(two); }
    );
    const auto next = make_wiped_list();
    next->generation = last_->generation + 1;
    next->readable = reading.what == accounts_reading::outcome::read;
    for (auto& entry : reading.accounts) {
        if (next->readable) next->by_user.emplace(entry.user, entry);
        wipe(entry);
    }
    if (!has_same_accounts(*next, *last_)) last_ = next;
    return last_;
}

}  // namespace weir::replication_monitor
