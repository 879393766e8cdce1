public import PolicyEngine
import Synchronization

/// The directory in force, which can be replaced while requests are decided: whoever begins after
/// that sees the new one, whole.
public final class LiveDirectory: Sendable {
  private struct State {
    var directory: Directory
    var lastFailure: PolicyLoadError?
    var subjects: (any SubjectSource)?
  }
  private let state: Mutex<State>
  private let load: (@Sendable () throws(PolicyLoadError) -> Directory)?

  /// A directory that stays as it is.
  public init(_ directory: Directory = .empty) {
    state = Mutex(State(directory: directory))
    load = nil
  }

  /// A directory that can be loaded again.
  ///
  /// - Throws: what `load` throws, if it can't be loaded now.
  public init(
    loading load: @escaping @Sendable () throws(PolicyLoadError) -> Directory
  ) throws(PolicyLoadError) {
    state = Mutex(State(directory: try load()))
    self.load = load
  }

  /// Has somebody else tell subjects that no file has, from now on.
  public func include(_ subjects: any SubjectSource) {
    state.withLock { $0.subjects = subjects }
  }

  /// The one in force.
  public var current: Directory {
    state.withLock { state in
      var directory = state.directory
      directory.subjects = state.subjects
      return directory
    }
  }

  /// Why it could not be loaded again; nil if the last attempt succeeded or there was none.
  public var lastFailure: PolicyLoadError? { state.withLock { $0.lastFailure } }

  /// Whether it can be loaded again.
  public var isReloadable: Bool { load != nil }

  /// Loads it again. If it does not load completely, the old one stays in force.
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong with it.
  @discardableResult
  public func reload() throws(PolicyLoadError) -> Directory {
    guard let load else { return current }
    do throws(PolicyLoadError) {
      let directory = try load()
      state.withLock { ($0.directory, $0.lastFailure) = (directory, nil) }
      return directory
    } catch {
      state.withLock { $0.lastFailure = error }
      throw error
    }
  }
}
