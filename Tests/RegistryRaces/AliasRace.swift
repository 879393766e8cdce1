import CEL
import Foundation
import Linearizability
public import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization

/// Many callers put, move, delete and resolve a few aliases at once; what each was told is checked
/// against one alias that is worked on by one caller after the other.
public enum AliasRace {
  /// What a race came to.
  public struct Result: Sendable {
    /// How often each kind of answer was given: `moved`, `refused`, `read`, `unknown`.
    public var answers: [String: Int] = [:]
    /// Aliases of which no order of operations explains what callers were told.
    public var violated: [String] = []
    /// Aliases of which the search for an order was given up.
    public var undecided: [String] = []
    /// Answers that nothing in this race should give.
    public var unexpected: [String] = []
  }

  private typealias Event = HistoryEvent<Register.Operation>

  /// Who races: may put and delete aliases.
  private static let racer = Request.Entity(
    type: "user", id: "racer", properties: ["roles": ["machine_learning_admin"]])
  private static let models = ["m-a", "m-b", "m-c", "m-d"]

  /// Races on a registry under the shipped policies, or on several that share a store, between which
  /// the callers are divided.
  ///
  /// - Parameter slips: changes what was observed before it is checked, to see that the check sees.
  public static func run(
    _ registries: [ModelRegistry], callers: Int = 8, rounds: Int = 30, aliases: Int = 4,
    slips: Bool = false
  ) async throws -> Result {
    for model in models {
      try await registries.first?.perform(
        PutTrainedModel(
          TrainedModel(id: model, inferenceType: "regression", inputFields: ["f"])), by: racer)
    }
    let clock = Moments()
    let names = (0..<aliases).map { "alias-\(["a", "b", "c", "d", "e", "f"][$0 % 6])" }
    let histories = await withTaskGroup(of: [(String, Event?, String?)].self) { tasks in
      for caller in 0..<callers {
        let registry = registries[caller % registries.count]
        tasks.addTask {
          var generator = SystemRandomNumberGenerator()
          var events: [(String, Event?, String?)] = []
          for _ in 0..<rounds {
            let alias = names[Int.random(in: 0..<names.count, using: &generator)]
            let called = clock.next()
            let observed = await act(registry, alias, &generator)
            let returned = clock.next()
            switch observed {
            case .success(let operation):
              if case .unknown = operation {
                events.append((alias, Event(operation, called: called, returned: nil), nil))
              } else {
                events.append((alias, Event(operation, called: called, returned: returned), nil))
              }
            case .failure(let surprise): events.append((alias, nil, "\(caller): \(surprise.text)"))
            }
          }
          return events
        }
      }
      return await tasks.reduce(into: []) { $0 += $1 }
    }
    return judge(histories, slips)
  }

  private static func judge(_ events: [(String, Event?, String?)], _ slips: Bool) -> Result {
    var result = Result()
    result.unexpected = events.compactMap(\.2)
    for (alias, history) in Dictionary(grouping: events, by: \.0) {
      var history = history.compactMap(\.1)
      for event in history { result.answers[word(event.operation), default: 0] += 1 }
      if slips, let index = history.firstIndex(where: { word($0.operation) == "moved" }) {
        history[index].operation = .moved(from: "nowhere", to: "nowhere else")
      }
      switch LinearizabilityChecker<Register>(history).check() {
      case .holds: break
      case .violated: result.violated.append(alias)
      case .undecided: result.undecided.append(alias)
      }
    }
    return result
  }

  private static func word(_ operation: Register.Operation) -> String {
    switch operation {
    case .read: "read"
    case .moved: "moved"
    case .refused, .differs: "refused"
    case .unknown: "unknown"
    }
  }

  /// Numbers in the order in which they were asked for, by whomever.
  private final class Moments: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> UInt64 { last.add(1, ordering: .sequentiallyConsistent).newValue }
  }

  private struct Surprise: Error {
    var text: String
  }

  /// One operation, and what the caller was told.
  private static func act(
    _ registry: ModelRegistry, _ alias: String, _ generator: inout SystemRandomNumberGenerator
  ) async -> Swift.Result<Register.Operation, Surprise> {
    let model = models.randomElement(using: &generator) ?? "m-a"
    switch Int.random(in: 0..<10, using: &generator) {
    case 0..<4: return await put(registry, alias, model)
    case 4..<7: return await delete(registry, alias, model)
    default: return await resolve(registry, alias)
    }
  }

  private static func put(
    _ registry: ModelRegistry, _ alias: String, _ model: String
  ) async -> Swift.Result<Register.Operation, Surprise> {
    do {
      try await registry.perform(PutAlias(alias, of: model), by: racer)
      return .success(.moved(from: nil, to: model))
    } catch let refusal as Refusal {
      guard let found = between("already refers to [", "]", "\(refusal)") else {
        return .failure(Surprise(text: "\(refusal)"))
      }
      return .success(.refused(expected: nil, found: found))
    } catch {
      return unknown(error, from: nil, to: model)
    }
  }

  private static func delete(
    _ registry: ModelRegistry, _ alias: String, _ model: String
  ) async -> Swift.Result<Register.Operation, Surprise> {
    do {
      try await registry.perform(DeleteAlias(alias, of: model), by: racer)
      return .success(.moved(from: model, to: nil))
    } catch let refusal as Refusal {
      if "\(refusal)".contains("could not be found") {
        return .success(.refused(expected: model, found: nil))
      }
      // It says that the alias is another model's, not whose: that is a refusal with any other value.
      guard "\(refusal)".contains("does not refer to provided model_id") else {
        return .failure(Surprise(text: "\(refusal)"))
      }
      return .success(.differs(from: model))
    } catch {
      return unknown(error, from: model, to: nil)
    }
  }

  private static func resolve(
    _ registry: ModelRegistry, _ alias: String
  ) async -> Swift.Result<Register.Operation, Surprise> {
    do {
      return .success(.read(try await registry.read(ResolveAlias(alias), by: racer)))
    } catch let error as RegistryError where error.kind == .notFound {
      return .success(.read(nil))
    } catch {
      return .failure(Surprise(text: "\(error)"))
    }
  }

  private static func unknown(
    _ error: any Error, from: String?, to: String?
  ) -> Swift.Result<Register.Operation, Surprise> {
    guard let error = error as? RegistryError, error.kind == .outcomeUnknown else {
      return .failure(Surprise(text: "\(error)"))
    }
    return .success(.unknown(from: from, to: to))
  }

  private static func between(_ start: String, _ end: Character, _ text: String) -> String? {
    guard let first = text.range(of: start) else { return nil }
    let rest = text[first.upperBound...]
    return rest.firstIndex(of: end).map { String(rest[..<$0]) }
  }
}
