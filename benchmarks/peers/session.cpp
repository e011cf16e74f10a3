// Mindfulness sessions in C++, 64 paths side by side, so that the compiler can use vectors: the
// same as session.py, which see. Constants are read from a file: lines "name number number …".
//
//	c++ -O3 -ffast-math -march=native -std=c++17 -o session session.cpp
//	./session constants.txt PATHS STEPS SEED

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

constexpr int lanes = 64;
typedef float Lane[lanes];
typedef int32_t Flag[lanes];

std::map<std::string, std::vector<double>> constants;

const std::vector<double> &list(const std::string &name) { return constants.at(name); }
double value(const std::string &name) { return constants.at(name).at(0); }

struct Draws {
	std::mt19937_64 engine;
	std::normal_distribution<double> standard;
	std::uniform_real_distribution<double> unit;
	explicit Draws(uint64_t seed) : engine(seed) {}
	double normal() { return standard(engine); }
	double uniform() { return unit(engine); }
	double gamma(double shape) { return std::gamma_distribution<double>(shape)(engine); }
	int pick(const std::vector<double> &sums) {
		double u = uniform() * sums.back();
		size_t i = 0;
		while (u >= sums[i] && i + 1 < sums.size()) i++;
		return int(i);
	}
};

// xoshiro128+ for every lane.
struct Lanes {
	uint32_t a[lanes], b[lanes], c[lanes], d[lanes];
	void seed(Draws &draws) {
		for (int l = 0; l < lanes; l++) {
			uint64_t x = draws.engine(), y = draws.engine();
			a[l] = uint32_t(x) | 1, b[l] = uint32_t(x >> 32), c[l] = uint32_t(y), d[l] = uint32_t(y >> 32);
		}
	}
	void uniform(Lane u) {
		for (int l = 0; l < lanes; l++) {
			uint32_t sum = a[l] + d[l], t = b[l] << 9;
			c[l] ^= a[l], d[l] ^= b[l], b[l] ^= c[l], a[l] ^= d[l], c[l] ^= t;
			d[l] = d[l] << 11 | d[l] >> 21;
			u[l] = (float(int32_t(sum >> 8)) + 0.5f) * 0x1p-24f;
		}
	}
	void normals(Lane x, Lane y) { // Box and Muller
		Lane u, v;
		uniform(u), uniform(v);
		for (int l = 0; l < lanes; l++) {
			float r = std::sqrt(-2 * std::log(u[l])), angle = float(2 * M_PI) * v[l];
			x[l] = r * std::cos(angle), y[l] = r * std::sin(angle);
		}
	}
};

// Watches is the state of the paths of a group.
struct Watches {
	float m[25][lanes], w[25][lanes];
	Lane t[5], z, v1, v2, ou, noise, bias, load, cpu, offset, frailty, ambient, wrist, sun, share, stay;
	Lane front, housing, back, capacity, r0, r1, r2, ouKeep, ouKick, grant, busy;
	Lane recent[64]; // CPU seconds of the window's steps
	Flag state, level, lowPower, asked, accepts, takes, inSun, end;
};

void inputs(const double *drive, double front, double power, double sun, double air, double wrist,
	double u[5]) {
	u[0] = (1 - front) * power, u[1] = 0, u[2] = drive[1] * air;
	u[3] = front * power + sun + drive[0] * air, u[4] = drive[2] * wrist;
}

double interpolate(double z, const std::vector<double> &x, const std::vector<double> &y) {
	size_t i = 1;
	while (i + 1 < x.size() && z > x[i]) i++;
	double part = std::min(1.0, std::max(0.0, (z - x[i - 1]) / (x[i] - x[i - 1])));
	return y[i - 1] + (y[i] - y[i - 1]) * part;
}

// Heads are the constants that paths are drawn from.
struct Heads {
	double cellSigma = value("population.cell_sigma"),
		cpuSigma = value("population.cpu_sigma"),
		cyclesPerDay = value("population.cycles_per_day"),
		fadePer1000 = value("population.fade_per_1000"),
		fadeSigma = value("population.fade_sigma"),
		frailtyShape = value("population.frailty_shape"),
		growthMedian = value("population.growth_median"),
		growthSigma = value("population.growth_sigma"),
		healthMin = value("population.health_min"),
		lpmAccept = value("population.lpm_accept"),
		lpmOnStart = value("population.lpm_on_start"),
		powerScale = value("population.power_scale"),
		powerSigma = value("population.power_sigma"),
		prePower = value("population.pre_power"),
		startLevelAlpha = value("population.start_level_alpha"),
		startLevelBeta = value("population.start_level_beta"),
		startLevelMin = value("population.start_level_min"),
		thresholdSd = value("population.threshold_sd"),
		wristCold = value("population.wrist_cold"),
		wristMean = value("population.wrist_mean"),
		wristSd = value("population.wrist_sd"),
		batteryEa = value("battery.ea"),
		batteryR0q = value("battery.r0q"),
		batteryR1q = value("battery.r1q"),
		batteryR2q = value("battery.r2q"),
		batteryRho = value("battery.rho"),
		batterySocGain = value("battery.soc_gain"),
		batterySocScale = value("battery.soc_scale"),
		batterySocTexp = value("battery.soc_texp"),
		gaugeBiasSd = value("gauge.bias_sd"),
		gaugeNoiseSd = value("gauge.noise_sd"),
		policyPromptResign = value("policy.prompt_resign"),
		step = value("step");
	std::vector<double> batteryOcvSoc = list("battery.ocv_soc"), batteryOcvV = list("battery.ocv_v"),
		workloadFront = list("workload.front"),
		deviceBuild = list("device.build"),
		deviceCapacity = list("device.capacity"),
		deviceShare = list("device.share"),
		fitShare = list("fit.share"),
		netDrive = list("net.drive"),
		netGain = list("net.gain"),
		netInverse = list("net.inverse"),
		netM = list("net.m"),
		netRates = list("net.rates"),
		netSun = list("net.sun"),
		netVectors = list("net.vectors"),
		netW = list("net.w"),
		placeShare = list("place.share"),
		populationAgeYears = list("population.age_years"),
		placeAir = list("place.air"),
		placeAmbientMean = list("place.ambient_mean"),
		placeAmbientSd = list("place.ambient_sd"),
		placeFrom = list("place.from"),
		placeIrradianceMax = list("place.irradiance_max"),
		placeOuSd = list("place.ou_sd"),
		placeOuTau = list("place.ou_tau"),
		placeSinceMax = list("place.since_max"),
		placeSunShare = list("place.sun_share"),
		placeSunSpell = list("place.sun_spell");
};

// start draws a watch and puts it at its start.
void start(Watches &w, int l, Draws &draws) {
	static const Heads h;
	auto lognormal = [&](double sigma) { return std::exp(sigma * draws.normal()); };
	int device = draws.pick(h.deviceShare), fit = draws.pick(h.fitShare);
	int at = draws.pick(h.placeShare);
	int build = int(h.deviceBuild[device]);
	int net = (build * 3 + int(h.placeAir[at])) * 3 + fit;

	const auto &ages = h.populationAgeYears;
	double age = ages[0] + (ages[1] - ages[0]) * draws.uniform();
	double sigma = h.fadeSigma;
	double health = 1 - h.fadePer1000 * h.cyclesPerDay * age / 1000 *
		std::exp(sigma * draws.normal() - sigma * sigma / 2);
	health = std::min(std::max(health, h.healthMin), 1.0);
	double aged = (1 + h.growthMedian * lognormal(h.growthSigma) *
		(1 - health) / 0.2) * lognormal(h.cellSigma);
	double a = draws.gamma(h.startLevelAlpha);
	double b = draws.gamma(h.startLevelBeta);
	double z = h.startLevelMin + (1 - h.startLevelMin) * a / (a + b);
	w.load[l] = h.powerScale * lognormal(h.powerSigma);
	w.cpu[l] = lognormal(h.cpuSigma);
	w.offset[l] = h.thresholdSd * draws.normal();
	w.asked[l] = w.lowPower[l] = draws.uniform() < h.lpmOnStart;
	w.accepts[l] = draws.uniform() < h.lpmAccept;
	w.takes[l] = draws.uniform() < h.policyPromptResign;
	w.frailty[l] = draws.gamma(h.frailtyShape) / h.frailtyShape;
	w.bias[l] = h.gaugeBiasSd * draws.normal();
	w.noise[l] = h.gaugeNoiseSd * draws.normal();

	double ambient = h.placeAmbientMean[at] + h.placeAmbientSd[at] * draws.normal();
	double ou = h.placeOuSd[at] * draws.normal();
	double sun = h.placeIrradianceMax[at] * draws.uniform() * h.netSun[net];
	double share = h.placeSunShare[at];
	w.inSun[l] = draws.uniform() < share;
	double wrist = h.wristMean + h.wristSd * draws.normal() -
		h.wristCold * std::max(0.0, 20 - ambient);
	double before = h.prePower, u[5], t[5] = {};
	inputs(&h.netDrive[3 * net], h.workloadFront[0], before, share * sun, ambient + ou, wrist, u);
	const double *gain = &h.netGain[25 * net];
	for (int i = 0; i < 5; i++)
		for (int j = 0; j < 5; j++) t[i] += gain[5 * i + j] * u[j];
	int from = int(h.placeFrom[at]);
	if (from >= 0) {
		int other = (build * 3 + int(h.placeAir[from])) * 3 + fit;
		inputs(&h.netDrive[3 * other], h.workloadFront[0], before, 0,
			 h.placeAmbientMean[from], wrist, u);
		double since = h.placeSinceMax[at] * draws.uniform(), apart[5];
		for (int i = 0; i < 5; i++) {
			apart[i] = -t[i];
			for (int j = 0; j < 5; j++) apart[i] += h.netGain[25 * other + 5 * i + j] * u[j];
		}
		for (int k = 0; k < 5; k++) { // exp(−rate·since) in the network's own modes
			double mode = 0;
			for (int j = 0; j < 5; j++) mode += h.netInverse[25 * net + 5 * k + j] * apart[j];
			mode *= std::exp(-h.netRates[5 * net + k] * since);
			for (int i = 0; i < 5; i++) t[i] += h.netVectors[25 * net + 5 * i + k] * mode;
		}
	}
	double step = h.step;
	for (int i = 0; i < 25; i++) {
		w.m[i][l] = h.netM[25 * net + i];
		w.w[i][l] = h.netW[25 * net + i];
	}
	for (int i = 0; i < 5; i++) w.t[i][l] = t[i];
	const double *drive = &h.netDrive[3 * net];
	w.front[l] = drive[0], w.housing[l] = drive[1], w.back[l] = drive[2];
	double nominal = h.deviceCapacity[device];
	w.capacity[l] = nominal * health;
	w.r0[l] = h.batteryR0q / nominal * aged;
	w.r1[l] = h.batteryR1q / nominal * aged;
	w.r2[l] = h.batteryR2q / nominal * aged;
	double alpha = std::exp(h.batteryEa / 8.314462618 * (1 / (t[1] + 273.15) - 1 / 298.15));
	double g = h.batteryRho + (1 - h.batteryRho) * alpha;
	double s = 1 + h.batterySocGain * std::exp(-z / h.batterySocScale) *
		std::pow(alpha, h.batterySocTexp);
	double current = before / interpolate(z, h.batteryOcvSoc, h.batteryOcvV);
	w.v1[l] = current * w.r1[l] * g * s, w.v2[l] = current * w.r2[l] * g;
	w.z[l] = z, w.ou[l] = ou, w.ambient[l] = ambient, w.wrist[l] = wrist, w.sun[l] = sun;
	w.share[l] = share;
	w.stay[l] = share > 0 ? std::exp(-step / h.placeSunSpell[at] / (1 - share)) : 0;
	double keep = std::exp(-step / h.placeOuTau[at]);
	w.ouKeep[l] = keep, w.ouKick[l] = h.placeOuSd[at] * std::sqrt(1 - keep * keep);
	w.state[l] = w.level[l] = w.end[l] = 0;
	w.grant[l] = w.busy[l] = 0;
}

enum { running, failed, left, refused };

// walk takes the paths through a session and returns the number of steps until the last has ended.
int walk(Watches &w, int steps, Lanes &random) {
	auto policy = [](const char *key) { return float(value(std::string("policy.") + key)); };
	auto battery = [](const char *key) { return float(value(std::string("battery.") + key)); };
	const float step = value("step"), low = policy("low_battery"), veryLow = policy("very_low_battery");
	const float hysteresis = policy("hysteresis"), lpmPower = policy("lpm_power");
	const float converge = value("gauge.converge"), off = value("thermal.off");
	const float rho = battery("rho"), ea = battery("ea") / 8.314462618f, cut = battery("v_cut");
	const float socGain = battery("soc_gain"), socScale = 1 / battery("soc_scale");
	const float socTexp = battery("soc_texp"), entropy = battery("entropy");
	const float a1 = std::exp(-step / battery("tau1")), a2 = std::exp(-step / battery("tau2"));
	const float noiseKeep = std::exp(-step / value("gauge.noise_tau"));
	const float noiseKick = value("gauge.noise_sd") * std::sqrt(1 - noiseKeep * noiseKeep);
	const float base = policy("suppress_base") + policy("error_base");
	const float serious = policy("suppress_serious"), critical = policy("suppress_critical");
	const float atLow = policy("suppress_low"), atVeryLow = policy("suppress_very_low");
	const float atLPM = policy("suppress_lpm"), resigns = value("session.resign");
	const float pressureLow = policy("pressure_low"), pressureSerious = policy("pressure_serious");
	const float pressureCritical = policy("pressure_critical"), limit = value("session.limit") - 1e-3;
	const float mostCPU = policy("cpu_limit") * policy("cpu_window") + 1e-4f;
	const int window = int(std::lround(policy("cpu_window") / step));
	float levels[3], power[4], cpu[4], front[4], next[4][3], ocv[32], soc[32], slope[32];
	for (int i = 0; i < 3; i++) levels[i] = list("policy.levels")[i];
	for (int i = 0; i < 4; i++) {
		power[i] = list("workload.power")[i], cpu[i] = list("workload.cpu")[i] * step;
		front[i] = list("workload.front")[i];
		for (int j = 0; j < 3; j++) next[i][j] = list("workload.next")[4 * i + j];
	}
	const int knots = int(list("battery.ocv_soc").size());
	for (int i = 0; i < knots; i++) soc[i] = list("battery.ocv_soc")[i], ocv[i] = list("battery.ocv_v")[i];
	for (int i = 0; i + 1 < knots; i++) slope[i] = (ocv[i + 1] - ocv[i]) / (soc[i + 1] - soc[i]);
	for (int i = 0; i < window; i++)
		for (int l = 0; l < lanes; l++) w.recent[i][l] = 0;

	for (int k = 0; k <= steps; k++) {
		Lane u, v, toss, turn, x, y, sunny;
		random.uniform(toss), random.uniform(u), random.uniform(turn), random.uniform(sunny);
		random.normals(x, y);
		int open = 0;
		for (int l = 0; l < lanes; l++) open += w.end[l] == running;
		if (open == 0) return k;
		if (k == 0) random.uniform(v);

		Flag isLow, isVeryLow, end;
		Lane drawn, volts, ocvNow, gs, gl;
		for (int l = 0; l < lanes; l++) { // the system's poll
			float z = w.z[l];
			float error = (w.bias[l] + w.noise[l]) * std::min(1.0f, std::max(0.0f, z / converge));
			float shown = std::floor(100 * (z + error) + 0.5f);
			shown = std::min(std::max(shown, 0.0f), 100.0f);
			isLow[l] = shown <= 100 * low + 1e-3f, isVeryLow[l] = shown <= 100 * veryLow + 1e-3f;
			float skin = w.t[4][l] - w.offset[l];
			int level = w.level[l], atLeast = 0, atMost = 0;
			for (int i = 0; i < 3; i++) {
				atLeast += skin >= levels[i];
				atMost += skin >= levels[i] - hysteresis;
			}
			level = level < atLeast ? atLeast : level;
			w.level[l] = level > atMost ? atMost : level;
		}
		if (k == 0)
			for (int l = 0; l < lanes; l++) {
				float accepted = (w.lowPower[l] ? 1 - policy("refuse_lpm") : 1) *
					(w.level[l] == 3 ? 1 - policy("refuse_critical") : 1);
				if (w.t[1][l] >= off || v[l] >= accepted) w.end[l] = refused;
			}
		for (int l = 0; l < lanes; l++) {
			int prompted = isLow[l] & !w.asked[l];
			w.asked[l] |= prompted;
			w.lowPower[l] = prompted ? w.accepts[l] : w.lowPower[l];
			end[l] = prompted & w.takes[l] ? left : running;
		}
		for (int l = 0; l < lanes; l++) { // the load
			int s = w.state[l];
			float p = s == 0 ? power[0] : s == 1 ? power[1] : s == 2 ? power[2] : power[3];
			drawn[l] = p * w.load[l] * (w.lowPower[l] ? lpmPower : 1.0f);
			float logAlpha = ea * (1 / (w.t[1][l] + 273.15f) - 1 / 298.15f);
			float g = rho + (1 - rho) * std::exp(logAlpha);
			gs[l] = g * (1 + socGain * std::exp(socTexp * logAlpha - w.z[l] * socScale));
			gl[l] = g;
		}
		for (int l = 0; l < lanes; l++) volts[l] = ocv[0];
		for (int i = 0; i + 1 < knots; i++) // a sum over segments, which needs no gather
			for (int l = 0; l < lanes; l++)
				volts[l] += slope[i] * std::min(std::max(w.z[l] - soc[i], 0.0f), soc[i + 1] - soc[i]);
		Lane current;
		for (int l = 0; l < lanes; l++) {
			ocvNow[l] = volts[l];
			float e = volts[l] - w.v1[l] - w.v2[l], r = w.r0[l] * gs[l];
			float discriminant = e * e - 4 * r * drawn[l];
			current[l] = 2 * drawn[l] / (e + std::sqrt(std::max(discriminant, 0.0f)));
			volts[l] = e - current[l] * r;
			int dead = (discriminant < 0) | (e <= 0) | (volts[l] < cut);
			end[l] = end[l] == running && dead ? failed : end[l];
		}
		if (k == steps) {
			for (int l = 0; l < lanes; l++) w.end[l] = w.end[l] == running ? end[l] : w.end[l];
			break;
		}
		for (int l = 0; l < lanes; l++) { // hazards
			float resign = resigns * w.frailty[l];
			float fails = base + (w.level[l] == 2 ? serious : w.level[l] == 3 ? critical : 0.0f) +
				(isVeryLow[l] ? atVeryLow : isLow[l] ? atLow : 0.0f) + (w.lowPower[l] ? atLPM : 0.0f);
			float total = (resign + fails) * step;
			int ends = toss[l] < total * (1 - total / 2); // 1 − e^−total, total below 0.03
			int how = u[l] * (resign + fails) < resign ? left : failed;
			end[l] = end[l] == running && ends ? how : end[l];
		}
		Lane next5[5];
		for (int l = 0; l < lanes; l++) {
			float i = current[l], kelvin = w.t[1][l] + 273.15f;
			float heat = i * (ocvNow[l] - volts[l]) - i * kelvin * entropy;
			w.z[l] -= i * step / w.capacity[l];
			w.v1[l] = a1 * w.v1[l] + (1 - a1) * i * w.r1[l] * gs[l];
			w.v2[l] = a2 * w.v2[l] + (1 - a2) * i * w.r2[l] * gl[l];
			int s = w.state[l];
			float f = s == 0 ? front[0] : s == 1 ? front[1] : s == 2 ? front[2] : front[3];
			float air = w.ambient[l] + w.ou[l];
			float u0 = (1 - f) * drawn[l], u2 = w.housing[l] * air, u4 = w.back[l] * w.wrist[l];
			float u3 = f * drawn[l] + (w.inSun[l] ? w.sun[l] : 0.0f) + w.front[l] * air;
			for (int n = 0; n < 5; n++) {
				float sum = w.w[5 * n][l] * u0 + w.w[5 * n + 1][l] * heat + w.w[5 * n + 2][l] * u2 +
					w.w[5 * n + 3][l] * u3 + w.w[5 * n + 4][l] * u4;
				for (int j = 0; j < 5; j++) sum += w.m[5 * n + j][l] * w.t[j][l];
				next5[n][l] = sum;
			}
		}
		float *recent = w.recent[k % window];
		for (int l = 0; l < lanes; l++) {
			for (int n = 0; n < 5; n++) w.t[n][l] = next5[n][l];
			w.ou[l] = w.ou[l] * w.ouKeep[l] + w.ouKick[l] * x[l];
			w.noise[l] = w.noise[l] * noiseKeep + noiseKick * y[l];
			w.inSun[l] = sunny[l] < w.share[l] * (1 - w.stay[l]) + (w.inSun[l] ? w.stay[l] : 0.0f);
			int s = w.state[l];
			float c = s == 0 ? cpu[0] : s == 1 ? cpu[1] : s == 2 ? cpu[2] : cpu[3];
			float seconds = w.cpu[l] * c;
			float n0 = s == 0 ? next[0][0] : s == 1 ? next[1][0] : s == 2 ? next[2][0] : next[3][0];
			float n1 = s == 0 ? next[0][1] : s == 1 ? next[1][1] : s == 2 ? next[2][1] : next[3][1];
			float n2 = s == 0 ? next[0][2] : s == 1 ? next[1][2] : s == 2 ? next[2][2] : next[3][2];
			w.state[l] = (turn[l] >= n0) + (turn[l] >= n1) + (turn[l] >= n2);
			w.busy[l] += seconds - recent[l];
			recent[l] = seconds;
			float pressure = (isLow[l] ? pressureLow : 0.0f) +
				(w.level[l] == 2 ? pressureSerious : w.level[l] == 3 ? pressureCritical : 0.0f);
			w.grant[l] += step * (1 + pressure);
			int dead = (w.z[l] <= 0) | (w.t[1][l] >= off) | (w.busy[l] > mostCPU) | (w.grant[l] >= limit);
			end[l] = end[l] == running && dead ? failed : end[l];
			w.end[l] = w.end[l] == running ? end[l] : w.end[l];
		}
	}
	return steps;
}

int main(int argc, char **argv) {
	if (argc != 5) {
		std::fprintf(stderr, "usage: session constants.txt PATHS STEPS SEED\n");
		return 64;
	}
	std::ifstream file(argv[1]);
	for (std::string line, name; std::getline(file, line);) {
		std::istringstream fields(line);
		fields >> name;
		for (double x; fields >> x;) constants[name].push_back(x);
	}
	long paths = std::atol(argv[2]), walked = 0, ends[4] = {};
	int steps = std::atoi(argv[3]);
	Draws draws(std::strtoull(argv[4], nullptr, 10));
	Lanes random;
	random.seed(draws);
	auto since = std::chrono::steady_clock::now();
	static Watches w;
	for (long done = 0; done < paths; done += lanes) {
		for (int l = 0; l < lanes; l++) start(w, l, draws);
		walked += long(walk(w, steps, random)) * lanes;
		for (int l = 0; l < lanes; l++) ends[w.end[l]]++;
	}
	double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
	std::printf("%ld %ld %ld %ld %ld %.6f\n", ends[0], ends[1], ends[2], ends[3], walked, seconds);
}
