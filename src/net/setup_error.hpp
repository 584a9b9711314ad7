#pragma once

#include <boost/system/result.hpp>

#include <string>

namespace weir::net {

/// Why a listener, a certificate or a socket could not be set up, in words for an operator: names
/// the endpoint or file.
struct setup_error {
    std::string message;
    friend bool operator==(const setup_error&, const setup_error&) = default;
};

template <class Value>
using setup_result = boost::system::result<Value, setup_error>;

}  // namespace weir::net
