// SessionCaps.swift, made by budget export (version v0.1.0). Do not edit: export again.

import Foundation

/// How long a session may be, by what an app can observe when it starts.
///
/// For users who mean to finish: of the sessions that start in a row's state and level bin and
/// are as long as its cap, at most the tolerance fail. At a single level within a bin, above
/// all its lowest, more may fail. A cap of 0 is no cap: offer no session of promised length.
/// All caps of the file hold together with the confidence.
///
/// Where caps come from: the sessions with a displayed battery level in the same range, the
/// same thermal state, Low Power Mode alike and a watch of the same class. A start whose own
/// simulated paths are too few takes the cap of a lower battery level, as less battery never
/// allows more; and no start is allowed more than one with as much battery or more that is as
/// cool or cooler. The JSON form tells of each cap which of these it rests on.
///
/// - Tolerance: 1 %, 0.5 % of the sessions of each kind of start may fail.
/// - Confidence: 95 % that all 100 caps hold together.
/// - Seed: 18446744073709551615. Paths: up to 256 of each kind of start, out of 65536 sessions drawn.
/// - Scenario: Winter "north", digest abababababababababababababababababababababababababababababababab.
/// - Reading of the granted time: cautious. When the app loses the front: pause.
/// - Assumptions: 2 quantities of the model are assumed or anecdotal.
///
/// The caps hold for the model and its assumptions. They do not cover wrong assumptions.
public enum SessionCaps {
    /// A type of session.
    public enum SessionType: String, CaseIterable, Sendable {
        /// Self care again: documented limit 600 s.
        case selfCare = "self-care"
        /// In \(x): no limit.
        case `in` = "in"
    }

    /// Watches that heat up alike. An app that does not know which one it runs on has no cap.
    public enum WatchClass: String, CaseIterable, Sendable {
        /// A 40 mm, B "41" mm.
        case small = "small"
        /// No watch of the scenario's fleet.
        case `default` = "default"
    }

    /// The share of sessions that may fail.
    public enum Tolerance: String, CaseIterable, Sendable {
        /// 1 %.
        case percent1 = "0.01"
        /// 0.5 %.
        case percent0_5 = "0.005"
    }

    /// Returns how long a session may be that starts now, or nil where there is no cap: then
    /// promise no length.
    ///
    /// - Parameters:
    ///   - session: The type of session.
    ///   - level: The battery level that the system reports, from 0 to 1. Anything else, such
    ///     as −1 where battery monitoring is off, has no cap.
    ///   - thermalState: `ProcessInfo.processInfo.thermalState`.
    ///   - lowPowerMode: `ProcessInfo.processInfo.isLowPowerModeEnabled`.
    ///   - watch: The class of the watch.
    ///   - tolerance: The share of sessions that may fail.
    /// - Returns: The longest plan, in seconds.
    public static func cap(
        for session: SessionType,
        level: Double,
        thermalState: ProcessInfo.ThermalState,
        lowPowerMode: Bool,
        watch: WatchClass,
        tolerance: Tolerance = .percent1
    ) -> TimeInterval? {
        guard level >= 0, level <= 1 else { return nil }
        let percent = Int((100 * level).rounded())
        guard let bin = lowestLevels.lastIndex(where: { $0 <= percent }) else { return nil }
        let state: Int
        switch thermalState {
        case .nominal: state = 0
        case .fair: state = 1
        case .serious: state = 2
        case .critical: state = 3
        @unknown default: return nil
        }
        let mode = 2 * place(of: watch) + (lowPowerMode ? 1 : 0)
        let index = (4 * mode + state) * lowestLevels.count + bin
        let caps = seconds(for: session, tolerance: tolerance)
        guard caps.indices.contains(index), caps[index] > 0 else { return nil }
        return TimeInterval(caps[index])
    }

    /// The lowest level of each range, in whole per cent.
    private static let lowestLevels = [0, 11, 50]

    private static func place(of watch: WatchClass) -> Int {
        switch watch {
        case .small: return 0
        case .`default`: return 1
        }
    }

    private static func seconds(for session: SessionType, tolerance: Tolerance) -> [Int] {
        switch (session, tolerance) {
        case (.selfCare, .percent1): return caps1Of1
        case (.selfCare, .percent0_5): return caps2Of1
        case (.`in`, .percent1): return caps1Of2
        case (.`in`, .percent0_5): return caps2Of2
        }
    }

    // Self care again at 1 %, by watch, Low Power Mode, thermal state and level. 0 is no cap.
    private static let caps1Of1: [Int] = [
        1, 2, 3, // small, off, nominal
        4, 5, 6, // small, off, fair
        7, 8, 9, // small, off, serious
        0, 0, 0, // small, off, critical
        13, 14, 15, // small, on, nominal
        16, 17, 18, // small, on, fair
        19, 20, 21, // small, on, serious
        0, 0, 0, // small, on, critical
        25, 26, 27, // default, off, nominal
        28, 29, 30, // default, off, fair
        31, 32, 33, // default, off, serious
        0, 0, 0, // default, off, critical
        37, 38, 39, // default, on, nominal
        40, 41, 42, // default, on, fair
        43, 44, 45, // default, on, serious
        0, 0, 0, // default, on, critical
    ]

    // Self care again at 0.5 %, by watch, Low Power Mode, thermal state and level. 0 is no cap.
    private static let caps2Of1: [Int] = [
        1001, 1002, 1003, // small, off, nominal
        1004, 1005, 1006, // small, off, fair
        1007, 1008, 1009, // small, off, serious
        0, 0, 0, // small, off, critical
        1013, 1014, 1015, // small, on, nominal
        1016, 1017, 1018, // small, on, fair
        1019, 1020, 1021, // small, on, serious
        0, 0, 0, // small, on, critical
        1025, 1026, 1027, // default, off, nominal
        1028, 1029, 1030, // default, off, fair
        1031, 1032, 1033, // default, off, serious
        0, 0, 0, // default, off, critical
        1037, 1038, 1039, // default, on, nominal
        1040, 1041, 1042, // default, on, fair
        1043, 1044, 1045, // default, on, serious
        0, 0, 0, // default, on, critical
    ]

    // In \(x) at 1 %, by watch, Low Power Mode, thermal state and level. 0 is no cap.
    private static let caps1Of2: [Int] = [
        10001, 10002, 10003, // small, off, nominal
        10004, 10005, 10006, // small, off, fair
        10007, 10008, 10009, // small, off, serious
        0, 0, 0, // small, off, critical
        10013, 10014, 10015, // small, on, nominal
        10016, 10017, 10018, // small, on, fair
        10019, 10020, 10021, // small, on, serious
        0, 0, 0, // small, on, critical
        10025, 10026, 10027, // default, off, nominal
        10028, 10029, 10030, // default, off, fair
        10031, 10032, 10033, // default, off, serious
        0, 0, 0, // default, off, critical
        10037, 10038, 10039, // default, on, nominal
        10040, 10041, 10042, // default, on, fair
        10043, 10044, 10045, // default, on, serious
        0, 0, 0, // default, on, critical
    ]

    // In \(x) at 0.5 %, by watch, Low Power Mode, thermal state and level. 0 is no cap.
    private static let caps2Of2: [Int] = [
        11001, 11002, 11003, // small, off, nominal
        11004, 11005, 11006, // small, off, fair
        11007, 11008, 11009, // small, off, serious
        0, 0, 0, // small, off, critical
        11013, 11014, 11015, // small, on, nominal
        11016, 11017, 11018, // small, on, fair
        11019, 11020, 11021, // small, on, serious
        0, 0, 0, // small, on, critical
        11025, 11026, 11027, // default, off, nominal
        11028, 11029, 11030, // default, off, fair
        11031, 11032, 11033, // default, off, serious
        0, 0, 0, // default, off, critical
        11037, 11038, 11039, // default, on, nominal
        11040, 11041, 11042, // default, on, fair
        11043, 11044, 11045, // default, on, serious
        0, 0, 0, // default, on, critical
    ]
}
