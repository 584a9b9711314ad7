#pragma once

#include "src/runtime/counter.hpp"

namespace weir::proxy {

/// What became of the reads that a rule mirrors. Written by one worker, read by any thread.
struct mirror_metrics {
    runtime::counter sent;      ///< answered by the second server, be it with an error
    runtime::counter dropped;   ///< too many were waiting already
    runtime::counter failed;    ///< no connection, or it broke
    runtime::counter compared;  ///< of those that were sent
    runtime::counter different;
};

}  // namespace weir::proxy
