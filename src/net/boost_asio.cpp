// Asio's own code, compiled once instead of in every file that includes its headers.
#include <boost/asio/impl/src.hpp>
