#include "replication_monitor/decision/lag_estimator.hpp"

#include "tests/unit/replication_monitor/decision/cluster.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace weir::replication_monitor {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds fresh_for = 400ms;

std::optional<milliseconds> lag(
    const lag_estimator& estimator,
    const replication_channel& channel,
    milliseconds source_seen_after
) {
    return estimator.estimate(channel, start + source_seen_after, fresh_for);
}

TEST(lag_estimator, never_measured_is_unknown) {
    lag_estimator estimator;
    const auto channel = lag_unknown(channel_from(1));
    estimator.on_answers(read_only(2, {channel}), start);
    EXPECT_EQ(lag(estimator, channel, 0ms), std::nullopt);
}

TEST(lag_estimator, a_fresh_measurement_counts_as_of_now) {
    lag_estimator estimator;
    const auto channel = behind(channel_from(1), 3s);
    estimator.on_answers(read_only(2, {channel}), start);
    EXPECT_EQ(lag(estimator, channel, 0ms), 3'000ms);
    EXPECT_EQ(lag(estimator, channel, fresh_for), 3'000ms);
}

TEST(lag_estimator, a_measurement_that_is_overdue_ages) {
    lag_estimator estimator;
    const auto channel = behind(channel_from(1), 3s);
    estimator.on_answers(read_only(2, {channel}), start);
    EXPECT_EQ(lag(estimator, channel, 401ms), 3'401ms);
}

TEST(lag_estimator, unknown_after_a_measurement_is_that_plus_the_time_since) {
    lag_estimator estimator;
    const auto lost = connecting(channel_from(1));
    estimator.on_answers(read_only(2, {behind(channel_from(1), 1s)}), start);
    estimator.on_answers(read_only(2, {lost}), start + 200ms);
    EXPECT_EQ(lag(estimator, lost, 250ms), 1'250ms);
    EXPECT_EQ(lag(estimator, lost, 10'000ms), 11'000ms);
}

TEST(lag_estimator, stands_still_from_when_the_source_was_last_alive) {
    lag_estimator estimator;
    const auto lost = connecting(channel_from(1));
    estimator.on_answers(read_only(2, {behind(channel_from(1), 1s)}), start);
    estimator.on_answers(read_only(2, {lost}), start + 1h);
    EXPECT_EQ(lag(estimator, lost, -50ms), 1'000ms);
    EXPECT_EQ(lag(estimator, lost, 0ms), 1'000ms);
}

TEST(lag_estimator, parts_of_a_millisecond_round_up) {
    lag_estimator estimator;
    const auto lost = connecting(channel_from(1));
    estimator.on_answers(read_only(2, {channel_from(1)}), start);
    EXPECT_EQ(estimator.estimate(lost, start + 1us, fresh_for), 1ms);
}

TEST(lag_estimator, a_channel_pointed_elsewhere_starts_anew) {
    lag_estimator estimator;
    const auto repointed = connecting(channel_from(3));
    estimator.on_answers(read_only(2, {channel_from(1)}), start);
    estimator.on_answers(read_only(2, {repointed}), start + 200ms);
    EXPECT_EQ(lag(estimator, repointed, 200ms), std::nullopt);
}

TEST(lag_estimator, a_channel_that_went_and_came_back_starts_anew) {
    lag_estimator estimator;
    const auto lost = connecting(channel_from(1));
    estimator.on_answers(read_only(2, {channel_from(1)}), start);
    estimator.on_answers(read_only(2), start + 200ms);
    estimator.on_answers(read_only(2, {lost}), start + 400ms);
    EXPECT_EQ(lag(estimator, lost, 400ms), std::nullopt);
}

TEST(lag_estimator, channels_are_kept_apart) {
    lag_estimator estimator;
    auto other = behind(channel_from(3), 7s);
    other.name = "other";
    estimator.on_answers(read_only(2, {behind(channel_from(1), 1s), other}), start);
    EXPECT_EQ(lag(estimator, channel_from(1), 0ms), 1'000ms);
    EXPECT_EQ(lag(estimator, other, 0ms), 7'000ms);
}

}  // namespace
}  // namespace weir::replication_monitor
