#pragma once

#include "replication_monitor/decision/observed_server.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace weir::replication_monitor {

/// A channel of one listed server whose source is another listed server.
struct replication_link {
    const replication_channel* channel = nullptr;  ///< view into the observed servers
    std::size_t source = 0;                        ///< index into the observed servers
};

/// True if events pass: the applier runs and the receiver runs or reconnects by itself.
[[nodiscard]] bool is_flowing(const replication_channel& channel) noexcept;

/// Who replicates from whom among the listed servers.
///
/// A source is recognised by its UUID (MySQL), else by the configured address, else by its server
/// id, as replicas often know their source by another name than our configuration does. Channels
/// from servers that are not listed are left out. Holds views: must not outlive the servers that it
/// was made from. Thread: the decider's.
class replication_graph {
public:
    explicit replication_graph(std::span<const observed_server> servers);

    /// Links of the server at `index`, in its channels' order.
    [[nodiscard]] std::span<const replication_link> links(std::size_t index) const {
        return links_[index];
    }

    /// The links over which the server at `from` gets the writes of the one at `root`, the first
    /// one starting at `from`: each of them flows. Nothing if there is no such way; empty if both
    /// are the same.
    [[nodiscard]] std::optional<std::vector<replication_link>> way(
        std::size_t from, std::size_t root
    ) const;

private:
    std::vector<std::vector<replication_link>> links_;  ///< by index of the server
};

}  // namespace weir::replication_monitor
