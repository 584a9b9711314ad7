#include "config/loader/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace weir::config {

namespace {

std::string reason_of(int error) {
    return "cannot be read: " + std::generic_category().message(error);
}

/// Closes what it was given.
class open_file {
public:
    explicit open_file(int descriptor) : descriptor_{descriptor} {}

    ~open_file() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    open_file(open_file&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    open_file& operator=(open_file&&) = delete;

    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

struct opened {
    open_file file;
    std::string problem;
};

opened open_regular(const std::string& path) {
    // O_NONBLOCK: opening a pipe without a writer would wait for one.
    open_file file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.get() < 0) return {std::move(file), reason_of(errno)};

    struct stat status {};

    if (::fstat(file.get(), &status) != 0) return {std::move(file), reason_of(errno)};
    if (!S_ISREG(status.st_mode))
        return {std::move(file), "cannot be read: it is not a regular file"};
    return {std::move(file), {}};
}

}  // namespace

parsed<std::string> read_small_file(const std::string& path, std::size_t largest) {
    const opened source = open_regular(path);
    if (!source.problem.empty()) return {{}, source.problem};

    std::string bytes(largest + 1, '\0');
    std::size_t length = 0;
    while (length < bytes.size()) {
        const ssize_t count =
            ::read(source.file.get(), bytes.data() + length, bytes.size() - length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return {{}, reason_of(errno)};
        if (count == 0) break;
        length += static_cast<std::size_t>(count);
    }
    if (length > largest) return {{}, "is larger than " + std::to_string(largest) + " bytes"};
    bytes.resize(length);
    return {std::move(bytes), {}};
}

std::string unreadable_reason(const std::string& path) {
    return open_regular(path).problem;
}

}  // namespace weir::config
