"""Mindfulness sessions as one writes them in Python: one path after the other, compiled by Numba.

Every path ends for certain: it fails (1), the user leaves (2), the start is refused (3), or it
completes (0). Symbols are those of docs/model.md.
"""

import math

import numba
import numpy

import parameters

C = parameters.load()
STEP, MARGIN = C["step"], C["margin"]
LEVELS, HYSTERESIS = C["policy.levels"], C["policy.hysteresis"]
POWER, CPU, FRONT, NEXT = (C["workload." + key] for key in ("power", "cpu", "front", "next"))
M, W, GAIN, VECTORS, INVERSE, RATES, DRIVE, SUN = (C["net." + key] for key in (
    "m", "w", "gain", "vectors", "inverse", "rates", "drive", "sun"))
DEVICES, CAPACITY, BUILD = C["device.share"], C["device.capacity"], C["device.build"]
FITS, PLACES, AIR, FROM = C["fit.share"], C["place.share"], C["place.air"], C["place.from"]
AMBIENT, AMBIENT_SD, OU_SD, OU_TAU = (C["place." + key] for key in (
    "ambient_mean", "ambient_sd", "ou_sd", "ou_tau"))
SUN_SHARE, SUN_SPELL, IRRADIANCE, SINCE = (C["place." + key] for key in (
    "sun_share", "sun_spell", "irradiance_max", "since_max"))
OCV_SOC, OCV_V = C["battery.ocv_soc"], C["battery.ocv_v"]
AGE = C["population.age_years"] / parameters.UNITS["year"]
(FADE, FADE_SIGMA, HEALTH_MIN, GROWTH, GROWTH_SIGMA, CELL_SIGMA, START_MIN, START_ALPHA, START_BETA,
 SCALE, POWER_SIGMA, CPU_SIGMA, WRIST, WRIST_SD, WRIST_COLD, THRESHOLD_SD, SHAPE, LPM_ON, LPM_ACCEPT,
 PRE_POWER) = (C["population." + key] for key in (
     "fade_per_1000", "fade_sigma", "health_min", "growth_median", "growth_sigma", "cell_sigma",
     "start_level_min", "start_level_alpha", "start_level_beta", "power_scale", "power_sigma",
     "cpu_sigma", "wrist_mean", "wrist_sd", "wrist_cold", "threshold_sd", "frailty_shape",
     "lpm_on_start", "lpm_accept", "pre_power"))
CYCLES = C["population.cycles_per_day"] * parameters.UNITS["year"]  # a year
R0Q, R1Q, R2Q, TAU1, TAU2, RHO, EA, SOC_GAIN, SOC_SCALE, SOC_TEXP, ENTROPY, V_CUT = (
    C["battery." + key] for key in ("r0q", "r1q", "r2q", "tau1", "tau2", "rho", "ea", "soc_gain",
                                    "soc_scale", "soc_texp", "entropy", "v_cut"))
BIAS_SD, NOISE_SD, NOISE_TAU, CONVERGE = (C["gauge." + key] for key in (
    "bias_sd", "noise_sd", "noise_tau", "converge"))
(BASE, SERIOUS, CRITICAL, LOW, VERY_LOW, SUPPRESS_LOW, SUPPRESS_VERY_LOW, SUPPRESS_LPM, REFUSE_LPM,
 REFUSE_CRITICAL, LPM_POWER, PROMPT_RESIGN, ERROR, PRESSURE_SERIOUS, PRESSURE_CRITICAL, PRESSURE_LOW,
 CPU_WINDOW, CPU_LIMIT) = (C["policy." + key] for key in (
     "suppress_base", "suppress_serious", "suppress_critical", "low_battery", "very_low_battery",
     "suppress_low", "suppress_very_low", "suppress_lpm", "refuse_lpm", "refuse_critical",
     "lpm_power", "prompt_resign", "error_base", "pressure_serious", "pressure_critical",
     "pressure_low", "cpu_window", "cpu_limit"))
LIMIT, RESIGN, T_OFF = C["session.limit"], C["session.resign"], C["thermal.off"]
WINDOW = int(round(CPU_WINDOW / STEP))


@numba.njit
def pick(sums):
    u = numpy.random.random() * sums[-1]
    i = 0
    while u >= sums[i] and i < len(sums) - 1:
        i += 1
    return i


@numba.njit
def lognormal(sigma):
    return math.exp(sigma * numpy.random.normal())


@numba.njit
def inputs(net, power, front, heat, sun, air, wrist, u):
    u[0] = (1 - front) * power
    u[1] = heat
    u[2] = DRIVE[net, 1] * air
    u[3] = front * power + sun + DRIVE[net, 0] * air
    u[4] = DRIVE[net, 2] * wrist


@numba.njit
def resistances(celsius, z):
    alpha = math.exp(EA / 8.314462618 * (1 / (celsius + 273.15) - 1 / 298.15))
    g = RHO + (1 - RHO) * alpha
    s = 1 + SOC_GAIN * math.exp(-z / SOC_SCALE) * alpha ** SOC_TEXP
    return g * s, g


@numba.njit
def path(steps, temperatures, u, driven, cpu):
    """Simulates a session of a number of steps; returns how it ends, and after how many."""
    device, fit = pick(DEVICES), pick(FITS)
    place = pick(PLACES)
    net = (BUILD[device] * 3 + AIR[place]) * 3 + fit
    age = AGE[0] + (AGE[1] - AGE[0]) * numpy.random.random()
    health = 1 - FADE * CYCLES * age / 1000 * math.exp(
        FADE_SIGMA * numpy.random.normal() - FADE_SIGMA ** 2 / 2)
    health = min(max(health, HEALTH_MIN), 1)
    aged = (1 + GROWTH * lognormal(GROWTH_SIGMA) * (1 - health) / 0.2) * lognormal(CELL_SIGMA)
    z = START_MIN + (1 - START_MIN) * numpy.random.beta(START_ALPHA, START_BETA)
    load_factor, cpu_factor = SCALE * lognormal(POWER_SIGMA), lognormal(CPU_SIGMA)
    offset = THRESHOLD_SD * numpy.random.normal()
    low_power = numpy.random.random() < LPM_ON
    asked = low_power
    accepts = numpy.random.random() < LPM_ACCEPT
    takes = numpy.random.random() < PROMPT_RESIGN
    frailty = numpy.random.gamma(SHAPE, 1 / SHAPE)
    bias, noise = BIAS_SD * numpy.random.normal(), NOISE_SD * numpy.random.normal()
    ambient = AMBIENT[place] + AMBIENT_SD[place] * numpy.random.normal()
    ou = OU_SD[place] * numpy.random.normal()
    irradiance = IRRADIANCE[place] * numpy.random.random()
    in_sun = numpy.random.random() < SUN_SHARE[place]
    wrist = WRIST + WRIST_SD * numpy.random.normal() - WRIST_COLD * max(0.0, 20 - ambient)

    inputs(net, PRE_POWER, FRONT[0], 0.0, SUN_SHARE[place] * irradiance * SUN[net], ambient + ou,
           wrist, u)
    for i in range(5):
        temperatures[i] = 0
        for j in range(5):
            temperatures[i] += GAIN[net, i, j] * u[j]
    if FROM[place] >= 0:
        before = (BUILD[device] * 3 + AIR[FROM[place]]) * 3 + fit
        inputs(before, PRE_POWER, FRONT[0], 0.0, 0.0, AMBIENT[FROM[place]], wrist, u)
        since = SINCE[place] * numpy.random.random()
        for i in range(5):
            driven[i] = -temperatures[i]
            for j in range(5):
                driven[i] += GAIN[before, i, j] * u[j]
        for k in range(5):  # exp(−rate·since) in the network's own modes
            mode = 0.0
            for j in range(5):
                mode += INVERSE[net, k, j] * driven[j]
            mode *= math.exp(-RATES[net, k] * since)
            for i in range(5):
                temperatures[i] += VECTORS[net, i, k] * mode

    capacity = CAPACITY[device] * health
    aged /= CAPACITY[device]
    r0, r1, r2 = R0Q * aged, R1Q * aged, R2Q * aged
    gs, g = resistances(temperatures[1], z)
    current = PRE_POWER / numpy.interp(z, OCV_SOC, OCV_V)
    v1, v2 = current * r1 * gs, current * r2 * g
    a1, a2 = math.exp(-STEP / TAU1), math.exp(-STEP / TAU2)
    ou_keep, noise_keep = math.exp(-STEP / OU_TAU[place]), math.exp(-STEP / NOISE_TAU)
    ou_kick = OU_SD[place] * math.sqrt(1 - ou_keep ** 2)
    noise_kick = NOISE_SD * math.sqrt(1 - noise_keep ** 2)
    share = SUN_SHARE[place]
    if share > 0:
        stay = math.exp(-STEP / SUN_SPELL[place] / (1 - share))

    state, level, grant, busy = 0, 0, 0.0, 0.0
    cpu[:] = 0
    for k in range(steps + 1):
        # The system's poll.
        shown = math.floor(100 * (z + (bias + noise) * min(1.0, max(0.0, z / CONVERGE))) + 0.5)
        shown = min(max(shown, 0.0), 100.0) / 100
        low, very_low = shown <= LOW + 1e-9, shown <= VERY_LOW + 1e-9
        while level < 3 and temperatures[4] >= LEVELS[level] + offset:
            level += 1
        while level > 0 and temperatures[4] < LEVELS[level - 1] + offset - HYSTERESIS:
            level -= 1
        before = low_power
        prompted = low and not asked
        if prompted:
            asked, low_power = True, accepts
        if k == 0:
            accepted = 1.0
            if before:
                accepted *= 1 - REFUSE_LPM
            if level == 3:
                accepted *= 1 - REFUSE_CRITICAL
            if temperatures[1] >= T_OFF or numpy.random.random() >= accepted:
                return 3, k
        if prompted and takes:
            return 2, k

        power = load_factor * POWER[state]
        if low_power:
            power *= LPM_POWER
        gs, g = resistances(temperatures[1], z)
        ocv = numpy.interp(z, OCV_SOC, OCV_V)
        e = ocv - v1 - v2
        discriminant = e * e - 4 * r0 * gs * power
        if discriminant < 0 or e <= 0:
            return 1, k
        current = 2 * power / (e + math.sqrt(discriminant))
        voltage = e - current * r0 * gs
        if voltage < V_CUT:
            return 1, k
        if k == steps:
            break

        resign, fails = RESIGN * frailty, BASE + ERROR
        if level == 2:
            fails += SERIOUS
        elif level == 3:
            fails += CRITICAL
        if very_low:
            fails += SUPPRESS_VERY_LOW
        elif low:
            fails += SUPPRESS_LOW
        if low_power:
            fails += SUPPRESS_LPM
        if numpy.random.random() < -math.expm1(-(resign + fails) * STEP):
            return (2 if numpy.random.random() * (resign + fails) < resign else 1), k

        heat = current * (ocv - voltage) - current * (temperatures[1] + 273.15) * ENTROPY
        z -= current * STEP / capacity
        v1 = a1 * v1 + (1 - a1) * current * r1 * gs
        v2 = a2 * v2 + (1 - a2) * current * r2 * g
        inputs(net, power, FRONT[state], heat, irradiance * SUN[net] if in_sun else 0.0,
               ambient + ou, wrist, u)
        for i in range(5):
            driven[i] = 0
            for j in range(5):
                driven[i] += M[net, i, j] * temperatures[j] + W[net, i, j] * u[j]
        temperatures[:] = driven
        ou = ou * ou_keep + ou_kick * numpy.random.normal()
        noise = noise * noise_keep + noise_kick * numpy.random.normal()
        if share > 0:
            in_sun = numpy.random.random() < share * (1 - stay) + (stay if in_sun else 0.0)
        seconds = cpu_factor * CPU[state] * STEP
        state = pick(NEXT[state])
        if z <= 0 or temperatures[1] >= T_OFF:
            return 1, k
        busy += seconds - cpu[k % WINDOW]
        cpu[k % WINDOW] = seconds
        if busy > CPU_LIMIT * CPU_WINDOW + 1e-9:
            return 1, k
        pressure = PRESSURE_LOW if low else 0.0
        if level == 2:
            pressure += PRESSURE_SERIOUS
        elif level == 3:
            pressure += PRESSURE_CRITICAL
        grant += STEP * (1 + pressure)
        if grant >= LIMIT - 1e-9:
            return 1, k
    return 0, steps


@numba.njit
def simulate(paths, steps, seed):
    """Returns the numbers of sessions by their end, and of steps."""
    numpy.random.seed(seed)
    temperatures, u, driven, cpu = numpy.empty(5), numpy.empty(5), numpy.empty(5), numpy.empty(WINDOW)
    ends = numpy.zeros(4, numpy.int64)
    walked = 0
    for _ in range(paths):
        end, k = path(steps, temperatures, u, driven, cpu)
        ends[end] += 1
        walked += k
    return ends, walked
