// The part of client_session that has reads run a second time, where a rule says so.

#include "splitter/rules/rule_effects.hpp"
#include "src/proxy/client_session.hpp"
#include "src/proxy/mirrored_session.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <utility>

namespace weir::proxy {

/// The client's command goes to a server. A transaction's reads see what it has written itself, and
/// are not mirrored; nor is what a pinned session reads.
void client_session::begin_mirroring() {
    if (!core_->is_sending()) return;
    mirrored_.reset();
    const splitter::command_plan& plan = core_->plan();
    if (plan.rules == nullptr || plan.command != protocol::mysql::command::query) return;
    const auto* const wanted = splitter::mirror_of(plan.rules->decision, plan.traits);
    splitter::session& session = core_->facts();
    if (wanted == nullptr || session.transaction.open || session.pinned.is_set()) return;
    const auto server = worker_.find_server(wanted->server);
    if (!server || *server == current_->server || !can_prove_itself()) return;
    mirrored_ = std::make_unique<statement_mirror>();
    mirrored_->compares = wanted->compare;
    mirrored_->read = {
        .server = *server,
        .account = class_,
        .who = client_.who,
        .proof = client_.proof,
        .state = session.state,
        .text = std::string(plan.text),
        .expected = std::nullopt};
}

void client_session::keep_for_mirror(protocol::wire::bytes_view bytes) {
    auto& answer = mirrored_->answer;
    if (answer.size() + bytes.size() > compared_answer_max) mirrored_->compares = false;
    if (mirrored_->compares) answer.insert(answer.end(), bytes.begin(), bytes.end());
}

/// The client has its answer.
void client_session::finish_mirroring() {
    const auto mirrored = std::exchange(mirrored_, nullptr);
    if (mirrored == nullptr) return;
    if (mirrored->compares) {
        mirrored->read.expected = splitter::checksum_of(
            std::span<const std::byte>(mirrored->answer), client_.who.capabilities
        );
    }
    worker_.mirror().offer(std::move(mirrored->read));
}

}  // namespace weir::proxy
