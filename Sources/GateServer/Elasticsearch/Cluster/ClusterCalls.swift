import CEL
import ModelRegistry

/// What clients ask before it comes to models. Nothing of it is a secret from whoever may call at
/// all, and nothing of it is about the registry's content.
extension Exchange {
  static let healthParameters: Set<String> = [
    "cluster_manager_timeout", "expand_wildcards", "level", "local", "master_timeout", "timeout",
    "wait_for_active_shards", "wait_for_events", "wait_for_no_initializing_shards",
    "wait_for_no_relocating_shards", "wait_for_nodes", "wait_for_status",
  ]

  /// `GET /`, `HEAD /`
  func main() throws(ErrorBody) -> Route.Action {
    let agent = (request.headers["User-Agent"] ?? "").lowercased()
    let isOpenSearch = agent.hasPrefix("opensearch")
    return { isOpenSearch ? openSearchMain() : elasticsearchMain() }
  }

  private func elasticsearchMain() -> WireResponse {
    .json { writer in
      writer.beginObject()
      writer.member("name", site.identity.nodeName)
      writer.member("cluster_name", site.identity.clusterName)
      writer.member("cluster_uuid", "_na_")
      writer.name("version")
      writer.beginObject()
      writer.member("number", site.identity.version)
      writer.member("build_flavor", "default")
      writer.member("build_type", "unknown")
      writer.member("build_hash", "unknown")
      writer.member("build_date", "unknown")
      writer.member("build_snapshot", false)
      writer.member("lucene_version", "9.12.0")
      writer.member("minimum_wire_compatibility_version", "7.17.0")
      writer.member("minimum_index_compatibility_version", "7.0.0")
      writer.endObject()
      writer.member("tagline", "You Know, for Search")
      writer.endObject()
    }
  }

  /// OpenSearch's clients ask the same path.
  private func openSearchMain() -> WireResponse {
    .json { writer in
      writer.beginObject()
      writer.member("name", site.identity.nodeName)
      writer.member("cluster_name", site.identity.clusterName)
      writer.member("cluster_uuid", "_na_")
      writer.name("version")
      writer.beginObject()
      writer.member("distribution", "opensearch")
      writer.member("number", "3.0.0")
      writer.member("build_type", "unknown")
      writer.member("build_hash", "unknown")
      writer.member("build_date", "unknown")
      writer.member("build_snapshot", false)
      writer.member("lucene_version", "10.1.0")
      writer.member("minimum_wire_compatibility_version", "2.19.0")
      writer.member("minimum_index_compatibility_version", "2.0.0")
      writer.endObject()
      writer.member("tagline", "The OpenSearch Project: https://opensearch.org/")
      writer.endObject()
    }
  }

  /// `GET /_cluster/health`: there is one node and no index, and whoever answers is well.
  func clusterHealth() throws(ErrorBody) -> Route.Action {
    try checkTimes("timeout", "master_timeout", "cluster_manager_timeout")
    return {
      .json { writer in
        writer.beginObject()
        writer.member("cluster_name", site.identity.clusterName)
        writer.member("status", "green")
        writer.member("timed_out", false)
        writer.member("number_of_nodes", 1)
        writer.member("number_of_data_nodes", 1)
        for name in [
          "active_primary_shards", "active_shards", "relocating_shards", "initializing_shards",
          "unassigned_shards", "unassigned_primary_shards", "delayed_unassigned_shards",
          "number_of_pending_tasks", "number_of_in_flight_fetch",
          "task_max_waiting_in_queue_millis",
        ] { writer.member(name, 0) }
        writer.member("active_shards_percent_as_number", 100.0)
        writer.endObject()
      }
    }
  }

  /// `GET /_license`
  func license() throws(ErrorBody) -> Route.Action {
    for name in ["accept_enterprise", "local"] { _ = try flag(name) }
    return {
      let type = try await licenseType()
      return .json { writer in
        writer.beginObject()
        writer.name("license")
        writer.beginObject()
        writer.member("status", "active")
        writer.member("uid", "_na_")
        writer.member("type", type)
        writer.member("issued_to", site.identity.clusterName)
        writer.member("issuer", "modelgate")
        writer.member("start_date_in_millis", -1)
        writer.endObject()
        writer.endObject()
      }
    }
  }

  /// `GET /_xpack`: what there is of Elasticsearch's own features.
  func xpack() throws(ErrorBody) -> Route.Action {
    _ = try flag("accept_enterprise")
    return {
      let type = try await licenseType()
      return .json { writer in
        writer.beginObject()
        writer.name("build")
        writer.beginObject()
        writer.member("hash", "unknown")
        writer.member("date", "unknown")
        writer.endObject()
        writer.name("license")
        writer.beginObject()
        writer.member("uid", "_na_")
        writer.member("type", type)
        writer.member("mode", type)
        writer.member("status", "active")
        writer.endObject()
        writer.name("features")
        writer.beginObject()
        for feature in ["ml", "security"] {
          writer.name(feature)
          writer.beginObject()
          writer.member("available", true)
          writer.member("enabled", true)
          writer.endObject()
        }
        writer.endObject()
        writer.member("tagline", "You know, for X")
        writer.endObject()
      }
    }
  }

  /// The site's licence. Without one, whatever a licence of the level `platinum` allows goes.
  private func licenseType() async throws -> String {
    try await site.registry.inspect { snapshot in
      let key = RecordKey.setting(RegistrySetting.license.rawValue)
      guard case .setting(_, let value)? = try snapshot.record(key)?.record else {
        return "platinum"
      }
      return value
    }
  }
}
