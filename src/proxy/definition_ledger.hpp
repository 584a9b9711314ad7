#pragma once

#include "replication_monitor/model/definition_list.hpp"
#include "splitter/relay/definition_watch.hpp"
#include "splitter/sql/known_definitions.hpp"
#include "src/runtime/snapshot.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace weir::proxy {

/// The catalogue of the primary's functions and views, and the changes to it that sessions of all
/// workers have begun: from a change's beginning on until a reading that began after its end, the
/// catalogue proves nothing that it may touch. Threads: any.
class definition_ledger {
public:
    using time_point = std::chrono::steady_clock::time_point;

    definition_ledger();

    /// What holds now. A change is in it when begin() returns.
    [[nodiscard]] const runtime::snapshot_publisher<splitter::known_definitions>& known() const {
        return known_;
    }

    /// What a reading found that began at `asked_at`. The same list again means that nothing
    /// changed.
    void on_read(
        std::shared_ptr<const replication_monitor::definition_list> list, time_point asked_at
    );

    /// Whether readings are to be expected. Without them nothing is known and no change is kept.
    void set_enabled(bool enabled);

    void begin(const splitter::definition_change& change);
    void end(const splitter::definition_change& change, time_point now);

    /// Asks for a reading: a change has ended. Set before the first session.
    std::function<void()> request_reading;

private:
    /// All changes that are alike.
    struct entry {
        splitter::definition_change change;
        std::size_t under_way = 0;
        time_point ended_at{};  ///< the last of them
    };

    static bool has_ended(const entry& one) { return one.under_way == 0; }

    [[nodiscard]] bool is_last(
        const std::shared_ptr<const replication_monitor::definition_list>& list
    );
    void fold_ended();
    entry& entry_of(const splitter::definition_change& change);
    void publish();

    std::mutex mutex_;  ///< guards all below; readers take that of the publisher only
    bool is_enabled_ = false;
    std::shared_ptr<const replication_monitor::definition_list> list_;
    std::shared_ptr<const splitter::routine_catalog> catalog_;
    std::vector<entry> unseen_;
    std::uint64_t version_ = 0;
    runtime::snapshot_publisher<splitter::known_definitions> known_;
};

/// One worker's view of the ledger.
class worker_definitions final : public splitter::definition_watch {
public:
    explicit worker_definitions(definition_ledger& ledger)
        : ledger_(ledger), known_(ledger.known()) {}

    const splitter::known_definitions& known() override { return known_.current(); }

    void begin(const splitter::definition_change& change) override { ledger_.begin(change); }

    void end(const splitter::definition_change& change) override {
        ledger_.end(change, std::chrono::steady_clock::now());
    }

private:
    definition_ledger& ledger_;
    runtime::snapshot_reader<splitter::known_definitions> known_;
};

}  // namespace weir::proxy
