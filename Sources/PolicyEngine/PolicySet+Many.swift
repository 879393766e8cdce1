extension Authorizer {
  /// What comes of many requests, in their order; one that is not well-formed fails by itself.
  public mutating func outcomes(
    of requests: [Request]
  ) -> [Result<Outcome, RequestError>] {
    requests.map { request in
      do throws(RequestError) {
        return .success(try outcome(of: request))
      } catch {
        return .failure(error)
      }
    }
  }

  /// Decides many requests, in their order; one that is not well-formed fails by itself.
  public mutating func decide(_ requests: [Request]) -> [Result<Decision, RequestError>] {
    requests.map { request in
      do throws(RequestError) {
        return .success(try decide(request))
      } catch {
        return .failure(error)
      }
    }
  }
}

extension PolicySet {
  /// Requests that one task takes at a time.
  private static let share = 128

  /// What comes of many requests, in their order, worked out by so many tasks at the same time.
  /// Each answer is the one that the request would get by itself.
  public func outcomes(
    of requests: [Request], tasks: Int = 4
  ) async -> [Result<Outcome, RequestError>] {
    await inParallel(requests, tasks) { authorizer, share in authorizer.outcomes(of: share) }
  }

  /// Decides many requests, in their order, by so many tasks at the same time. Each answer is the
  /// one that the request would get by itself.
  public func decide(
    _ requests: [Request], tasks: Int = 4, explains: Bool = false
  ) async -> [Result<Decision, RequestError>] {
    await inParallel(requests, tasks) { authorizer, share in
      authorizer.explains = explains
      return authorizer.decide(share)
    }
  }

  /// Task `t` of `n` takes every n-th share, and keeps its authorizer for all of them.
  private func inParallel<T: Sendable>(
    _ requests: [Request], _ tasks: Int,
    _ body: @Sendable @escaping (inout Authorizer, [Request]) -> [T]
  ) async -> [T] {
    let shares = (requests.count + Self.share - 1) / Self.share
    let width = max(1, min(tasks, shares))
    var parts = [[T]](repeating: [], count: shares)
    await withTaskGroup(of: [(Int, [T])].self) { group in
      for task in 0..<width {
        group.addTask {
          var authorizer = Authorizer(self)
          return stride(from: task, to: shares, by: width).map { number in
            let start = number * Self.share
            let end = min(start + Self.share, requests.count)
            return (number, body(&authorizer, Array(requests[start..<end])))
          }
        }
      }
      for await done in group {
        for (number, part) in done { parts[number] = part }
      }
    }
    return parts.flatMap(\.self)
  }
}
