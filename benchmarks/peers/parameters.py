"""The catalog's values for a mindfulness session, in SI units, for the simulators in this directory."""

import pathlib
import tomllib

import numpy
import scipy.linalg

CATALOG = pathlib.Path(__file__).resolve().parents[2] / "model" / "catalog"

UNITS = {
    "": 1, "s": 1, "min": 60, "h": 3600, "/h": 1 / 3600, "/day": 1 / 86400, "year": 365 * 86400,
    "mAh": 3.6, "ohm Ah": 3600, "mW": 1e-3, "kJ/mol": 1e3, "V": 1, "mV/K": 1e-3, "K": 1, "degC": 1,
    "K/W": 1, "W/K": 1, "J/K": 1, "W/m2": 1, "cm2": 1e-4,
}


def number(value):
    """Returns a value of the catalog, "5 min" or { value = … }, as a number or an array."""
    if isinstance(value, dict):
        value = value["value"]
    if isinstance(value, list):
        return numpy.array([number(v) for v in value])
    if isinstance(value, str):
        digits, _, unit = value.partition(" ")
        return float(digits) * UNITS[unit]
    return float(value)


def load():
    """Returns named numbers and arrays. Nodes of the thermal network are P B H F K."""
    t = {}
    for file in CATALOG.glob("*.toml"):
        t |= tomllib.loads(file.read_text())
    session = next(s for s in t["session"] if s["id"] == "mindfulness")
    workload = t["workload"][session["workload"]]
    c = {"step": number(t["grid"]["step"]), "margin": number(t["grid"]["margin"])}
    for table in "battery", "gauge", "population", "policy":
        c |= {f"{table}.{key}": number(value) for key, value in t[table].items()
              if not isinstance(value, str)}
    for key in "limit", "resign":
        c["session." + key] = number(session[key])
    for key in "power", "cpu":
        c["workload." + key] = number(workload[key])
    c["workload.front"] = number(t["workload"]["states"]["front"])

    # The chance of every state after a step, from every state, as running sums.
    enter, leave = number(workload["enter"]), number(workload["leave"])
    generator = numpy.diag([-sum(enter[1:]), *-leave[1:]])
    generator[0, 1:], generator[1:, 0] = enter[1:], leave[1:]
    c["workload.next"] = numpy.cumsum(scipy.linalg.expm(generator * c["step"]), axis=1)

    builds, fits = sorted(t["thermal"]["build"]), t["thermal"]["fit"]
    airs = "still", "walking", "running"
    devices = [d for d in t["device"] if number(d["weight"]) > 0]
    c["device.share"] = numpy.cumsum([number(d["weight"]) for d in devices])
    c["device.capacity"] = numpy.array([number(d["capacity"]) for d in devices])
    c["device.build"] = numpy.array([builds.index(d["build"]) for d in devices])
    c["fit.share"] = numpy.cumsum([number(f["share"]) for f in fits])

    places = t["environment"]
    ids = [e["id"] for e in places]
    c["place.share"] = numpy.cumsum([number(e["share"]) for e in places])
    c["place.air"] = numpy.array([airs.index(e["airflow"]) for e in places])
    c["place.from"] = numpy.array([ids.index(e["from"]) if "from" in e else -1 for e in places])
    for key in ("ambient_mean", "ambient_sd", "ou_sd", "ou_tau", "sun_share", "sun_spell",
                "irradiance_max", "since_max"):
        c["place." + key] = numpy.array([number(e.get(key, 0)) for e in places])

    # Networks by build, air and fit, in this order.
    thermal = t["thermal"]
    networks = {name: [] for name in ("m", "w", "gain", "vectors", "inverse", "rates", "drive", "sun")}
    for build in builds:
        for air in airs:
            for fit in fits:
                for name, value in network(thermal, thermal["build"][build], thermal[air], fit,
                                           c["step"]).items():
                    networks[name].append(value)
    c |= {"net." + name: numpy.array(values) for name, values in networks.items()}
    c["thermal.off"] = number(thermal["t_off"])
    return c


def network(thermal, build, air, fit, step):
    """Returns a thermal network with its exact step T ← m T + w u."""
    scale = number(build["area_scale"])
    front, housing = (number(air[key]) * scale for key in ("front", "housing"))
    wrist = 1 / number(fit["r_kw"])
    g = numpy.zeros((5, 5))
    for x, y in "ph", "pb", "pf", "bk", "bh", "hf", "hk":
        i, j = "pbhfk".index(x), "pbhfk".index(y)
        conductance = 1 / number(thermal[f"r_{x}{y}"])
        g[i, i] += conductance
        g[j, j] += conductance
        g[i, j] -= conductance
        g[j, i] -= conductance
    g[3, 3] += front
    g[2, 2] += housing
    g[4, 4] += wrist
    a = numpy.diag(1 / number(build["c"])) @ g
    m = scipy.linalg.expm(-a * step)
    gain = numpy.linalg.inv(g)
    rates, vectors = numpy.linalg.eig(a)
    return {"m": m, "w": (numpy.eye(5) - m) @ gain, "gain": gain, "vectors": vectors.real,
            "inverse": numpy.linalg.inv(vectors).real, "rates": rates.real,
            "drive": [front, housing, wrist], "sun": number(thermal["sun_absorb_area"]) * scale}


if __name__ == "__main__":
    for name, values in load().items():
        print(name, *(f"{x:.17g}" for x in numpy.ravel(values)))
