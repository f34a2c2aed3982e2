package dev.parley.shared.kafka;

import java.util.Map;

/// What the cluster says of itself, as far as the queue depends on it.
///
/// @param shareVersion finalized level of the feature `share.version`, 0 when there is none
/// @param topics the queue's topics that exist, by name
/// @param groups settings of the lanes' share groups, by group and setting
record ClusterState(
    int shareVersion, Map<String, TopicState> topics, Map<String, Map<String, Setting>> groups) {

  record TopicState(int partitions, Map<String, String> config) {}

  /// @param explicit somebody set it on this very group; else it is the broker's default
  record Setting(String value, boolean explicit) {}
}
