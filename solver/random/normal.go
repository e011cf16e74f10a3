package random

import "math"

// Normal returns the standard normal quantile of u: the z with
//
//	Φ(z) = u,
//
// by Wichura's PPND16, with a relative error below 1e-15. Normal(0) = -Inf, Normal(1) =
// +Inf, and outside [0, 1] it is NaN. For u on the grid of Uniform53, Normal(1-u) =
// -Normal(u) exactly. It increases with u except for steps of a few last places between
// neighbouring float64.
//
// Products are rounded before they are added, as in Exp, and the logarithm is Log, so the
// bits are the same on every architecture. It is slower than Normal32 because 15 % of the
// numbers take the tail branch, unpredictably.
//
// Reference: M. J. Wichura, "Algorithm AS 241: The percentage points of the normal
// distribution", Applied Statistics 37(3), 1988, 477-484.
func Normal(u float64) float64 {
	// z = q·A(r)/B(r), q = u - ½, r = 0.425² - q², where |q| ≤ 0.425.
	q := u - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		a := degree7(r,
			3.3871328727963666080e0, 1.3314166789178437745e+2,
			1.9715909503065514427e+3, 1.3731693765509461125e+4,
			4.5921953931549871457e+4, 6.7265770927008700853e+4,
			3.3430575583588128105e+4, 2.5090809287301226727e+3)
		b := degree7(r,
			1, 4.2313330701600911252e+1,
			6.8718700749205790830e+2, 5.3941960214247511077e+3,
			2.1213794301586595867e+4, 3.9307895800092710610e+4,
			2.8729085735721942674e+4, 5.2264952788528545610e+3)
		return q * a / b
	}
	if u == 0 || u == 1 {
		return math.Inf(int(math.Copysign(1, q)))
	}

	// |z| = C(r)/D(r) with r = √(-ln min(u, 1-u)), from 1.6 on, and E/F from 5 on. Log of a
	// negative number is NaN.
	r := math.Sqrt(-Log(min(u, 1-u)))
	var z float64
	if r <= 5 {
		r -= 1.6
		c := degree7(r,
			1.42343711074968357734e0, 4.63033784615654529590e0,
			5.76949722146069140550e0, 3.64784832476320460504e0,
			1.27045825245236838258e0, 2.41780725177450611770e-1,
			2.27238449892691845833e-2, 7.74545014278341407640e-4)
		d := degree7(r,
			1, 2.05319162663775882187e0,
			1.67638483018380384940e0, 6.89767334985100004550e-1,
			1.48103976427480074590e-1, 1.51986665636164571966e-2,
			5.47593808499534494600e-4, 1.05075007164441684324e-9)
		z = c / d
	} else {
		r -= 5
		e := degree7(r,
			6.65790464350110377720e0, 5.46378491116411436990e0,
			1.78482653991729133580e0, 2.96560571828504891230e-1,
			2.65321895265761230930e-2, 1.24266094738807843860e-3,
			2.71155556874348757815e-5, 2.01033439929228813265e-7)
		f := degree7(r,
			1, 5.99832206555887937690e-1,
			1.36929880922735805310e-1, 1.48753612908506148525e-2,
			7.86869131145613259100e-4, 1.84631831751005468180e-5,
			1.42151175831644588870e-7, 2.04426310338993978564e-15)
		z = e / f
	}
	return math.Copysign(z, q)
}

// degree7 is the polynomial c0 + c1·r + … + c7·r⁷ by Horner's rule.
func degree7(r, c0, c1, c2, c3, c4, c5, c6, c7 float64) float64 {
	p := float64(c7*r) + c6
	p = float64(p*r) + c5
	p = float64(p*r) + c4
	p = float64(p*r) + c3
	p = float64(p*r) + c2
	p = float64(p*r) + c1
	return float64(p*r) + c0
}
