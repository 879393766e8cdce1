import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

extension ConsoleAPI {
  /// Which policies are in force, since when, and what went wrong with the last change.
  func policies(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    let record = try await registry.allow(
      ServiceUse("modelgate:policies/read", of: "policies"), by: caller)
    try Self.expect([], in: request)
    let set = registry.gate.current
    let listing = set.listing()
    let health = registry.gate.health
    try await registry.log.appendRead(record)
    return .json { writer in
      writer.beginObject()
      writer.member("revision", set.revision)
      writer.member("since", Self.time(health.since))
      writer.member("files", listing.files)
      writer.member("rules", listing.rules.count)
      writer.member("roles", listing.roles.count)
      writer.name("documents")
      writer.beginArray()
      for name in listing.policies {
        writer.beginObject()
        writer.member("policy", name)
        writer.member("rules", listing.rules.count { $0.policy == name })
        writer.endObject()
      }
      writer.endArray()
      if !set.warnings.isEmpty {
        writer.name("warnings")
        writer.write(set.warnings)
      }
      writer.name("last_failure")
      Self.write(health.lastFailure, &writer)
      writer.endObject()
    }
  }

  static func time(_ milliseconds: Int64) -> String {
    PolicyGate.text(ofTime: milliseconds)
  }

  private static func write(_ failure: PolicyHealth.Failure?, _ writer: inout JSONWriter) {
    guard let failure else { return writer.null() }
    writer.beginObject()
    writer.member("time", time(failure.time))
    writer.name("diagnostics")
    writer.write(failure.error.diagnostics)
    writer.endObject()
  }

  /// Puts the policies on disk in force.
  func reloadPolicies(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    let record = try await registry.allow(
      ServiceUse("modelgate:policies/reload", of: "policies"), by: caller)
    try Self.expect([], in: request)
    guard let loadPolicies else {
      throw ConsoleError(
        409, "not_reloadable", "this server was started without a place to load policies from",
        help: "start it with `--policies`")
    }
    let before = registry.gate.current.revision
    // Before anything changes: what can't be logged is not done.
    try await registry.log.append(record.as(.performed))
    let set = try await registry.reload(note: "reloaded by \(caller.name)", loadPolicies)
    return .json { writer in
      writer.beginObject()
      writer.member("revision", set.revision)
      writer.member("changed", set.revision != before)
      writer.endObject()
    }
  }

  // MARK: Directory

  /// What the directory holds, in numbers.
  func showDirectory(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    let record = try await registry.allow(
      ServiceUse("modelgate:policies/read", of: "directory"), by: caller)
    try Self.expect([], in: request)
    let current = directory.current
    try await registry.log.appendRead(record)
    return .json { writer in
      writer.beginObject()
      Self.write(current, &writer)
      writer.name("last_failure")
      if let failure = directory.lastFailure {
        writer.beginObject()
        writer.name("diagnostics")
        writer.write(failure.diagnostics)
        writer.endObject()
      } else {
        writer.null()
      }
      writer.endObject()
    }
  }

  private static func write(_ directory: Directory, _ writer: inout JSONWriter) {
    writer.member("revision", directory.revision)
    writer.member("files", directory.fileCount)
    writer.member("entities", directory.count)
  }

  /// Reads the entity files again.
  func reloadDirectory(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    let record = try await registry.allow(
      ServiceUse("modelgate:directory/reload", of: "directory"), by: caller)
    try Self.expect([], in: request)
    guard directory.isReloadable else {
      throw ConsoleError(
        409, "not_reloadable", "this server was started without entity files",
        help: "start it with a directory")
    }
    let before = directory.current.revision
    try await registry.log.append(record.as(.performed))
    let loaded = try directory.reload()
    return .json { writer in
      writer.beginObject()
      Self.write(loaded, &writer)
      writer.member("changed", loaded.revision != before)
      writer.endObject()
    }
  }
}
