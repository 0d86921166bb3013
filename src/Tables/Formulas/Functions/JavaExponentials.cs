namespace Wharf.Tables.Formulas.Functions;

/// <summary>
/// The exponential and hyperbolic functions of Java's library, bit for bit (fdlibm: reduce the argument by a multiple of ln 2, and evaluate
/// a polynomial). The C library rounds more accurately, and differs in the last digit of some results.
/// </summary>
internal static class JavaExponentials
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10, PerLn2 = 1.44269504088896338700;
    private const double LargestExponent = 7.09782712893383973096e+02;

    /// <summary>Returns e raised to a power, minus one.</summary>
    public static double Expm1(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x) || size < 5.551115123125783e-17)
            return x;
        if (x > LargestExponent)
            return double.PositiveInfinity;
        if (x < -38.816242111356935)
            return -1;

        (int k, double high, double low) = Reduce(x);
        double rest = k == 0 ? x : high - low, lost = k == 0 ? 0 : (high - rest) - low;
        double half = 0.5 * rest, squares = rest * half;
        double r = 1 + (squares * (-3.33333333333331316428e-02
            + (squares * (1.58730158725481460165e-03 + (squares * (-7.93650757867487942473e-05
            + (squares * (4.00821782732936239552e-06 + (squares * -2.01099218183624371326e-07)))))))));
        double t = 3 - (r * half), e = squares * ((r - t) / (6 - (rest * t)));
        if (k == 0)
            return rest - ((rest * e) - squares);
        e = ((rest * (e - lost)) - lost) - squares;
        return k switch
        {
            -1 => (0.5 * (rest - e)) - 0.5,
            1 => rest < -0.25 ? -2 * (e - (rest + 0.5)) : 1 + (2 * (rest - e)),
            <= -2 or > 56 => Scale(1 - (e - rest), k) - 1,
            < 20 => Scale((1 - Math.ScaleB(1, -k)) - (e - rest), k),
            _ => Scale((rest - (e + Math.ScaleB(1, -k))) + 1, k),
        };
    }

    /// <summary>Returns the natural logarithm of one plus a number.</summary>
    public static double Log1p(double x)
    {
        if (double.IsNaN(x) || x < -1)
            return double.NaN;
        if (x == -1 || double.IsInfinity(x))
            return x == -1 ? double.NegativeInfinity : x;
        double size = Math.Abs(x);
        if (size < 1.862645149230957e-09)
            return size < 5.551115123125783e-17 ? x : x - (x * x * 0.5);

        int k = 0, bits = 1;
        double f = x, lost = 0;
        if (High(x) >= 0x3FDA827A || (x < 0 && High(x) > unchecked((int)0xBFD2BEC3)))
        {
            double u = High(x) < 0x43400000 ? 1 + x : x;
            k = (High(u) >> 20) - 1023;
            lost = High(x) >= 0x43400000 ? 0 : (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
            bits = High(u) & 0x000FFFFF;
            if (bits < 0x6A09E)
            {
                u = WithHigh(u, bits | 0x3FF00000);
            }
            else
            {
                k++;
                u = WithHigh(u, bits | 0x3FE00000);
                bits = (0x00100000 - bits) >> 2;
            }

            f = u - 1;
        }

        double halfSquare = 0.5 * f * f;
        if (bits == 0)
        {
            if (f == 0)
                return k == 0 ? 0 : (k * Ln2High) + (lost + (k * Ln2Low));
            double small = halfSquare * (1 - (0.66666666666666666 * f));
            return k == 0 ? f - small : (k * Ln2High) - ((small - ((k * Ln2Low) + lost)) - f);
        }

        double s = f / (2 + f), z = s * s;
        double r = z * (6.666666666666735130e-01
            + (z * (3.999999999940941908e-01 + (z * (2.857142874366239149e-01 + (z * (2.222219843214978396e-01
            + (z * (1.818357216161805012e-01 + (z * (1.531383769920937332e-01 + (z * 1.479819860511658591e-01))))))))))));
        return k == 0
            ? f - (halfSquare - (s * (halfSquare + r)))
            : (k * Ln2High) - ((halfSquare - ((s * (halfSquare + r)) + ((k * Ln2Low) + lost))) - f);
    }

    public static double Sinh(double x)
    {
        double size = Math.Abs(x), half = x < 0 ? -0.5 : 0.5;
        if (!double.IsFinite(x) || size < 3.725290298461914e-09)
            return x;
        if (size >= 22)
            return Large(size, half);
        double t = Expm1(size);
        return size < 1 ? half * ((2 * t) - (t * t / (t + 1))) : half * (t + (t / (t + 1)));
    }

    public static double Cosh(double x)
    {
        double size = Math.Abs(x);
        if (!double.IsFinite(x))
            return size;
        if (size >= 22)
            return Large(size, 0.5);
        double t = High(size) < 0x3FD62E43 ? Expm1(size) : Exp(size);
        if (High(size) < 0x3FD62E43)
            return 1 + (t * t / ((1 + t) + (1 + t)));
        return (0.5 * t) + (0.5 / t);
    }

    public static double Tanh(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x) || size < 2.7755575615628914e-17)
            return x;
        if (size >= 22)
            return Math.CopySign(1, x);
        double t = Expm1(size >= 1 ? 2 * size : -2 * size);
        return Math.CopySign(size >= 1 ? 1 - (2 / (t + 2)) : -t / (t + 2), x);
    }

    private static double Large(double size, double half)
    {
        if (High(size) < 0x40862E42)
            return half * Exp(size);
        double root = Exp(0.5 * size);
        return size <= 7.10475860073943863426e+02 ? half * root * root : half * double.PositiveInfinity;
    }

    /// <summary>Returns e raised to a power within the range.</summary>
    private static double Exp(double x)
    {
        if (Math.Abs(x) < 3.725290298461914e-09)
            return 1 + x;
        (int k, double high, double low) = Reduce(x);
        double rest = k == 0 ? x : high - low, t = rest * rest;
        double c = rest - (t * (1.66666666666666019037e-01 + (t * (-2.77777777770155933842e-03 + (t * (6.61375632143793436117e-05
            + (t * (-1.65339022054652515390e-06 + (t * 4.13813679705723846039e-08)))))))));
        return k == 0 ? 1 - ((rest * c / (c - 2)) - rest) : Math.ScaleB(1 - ((low - (rest * c / (2 - c))) - high), k);
    }

    /// <summary>Returns the nearest multiple of ln 2, and the remainder in two parts.</summary>
    private static (int Multiple, double High, double Low) Reduce(double x)
    {
        int high = High(Math.Abs(x));
        if (high <= 0x3FD62E42)
            return (0, x, 0);
        if (high < 0x3FF0A2B2)
            return x > 0 ? (1, x - Ln2High, Ln2Low) : (-1, x + Ln2High, -Ln2Low);
        int k = (int)((PerLn2 * x) + (x > 0 ? 0.5 : -0.5));
        return (k, x - (k * Ln2High), k * Ln2Low);
    }

    private static double Scale(double value, int exponent) => WithHigh(value, High(value) + (exponent << 20));

    private static int High(double value) => (int)(BitConverter.DoubleToInt64Bits(value) >> 32);

    private static double WithHigh(double value, int high) =>
        BitConverter.Int64BitsToDouble(((long)high << 32) | (BitConverter.DoubleToInt64Bits(value) & 0xFFFFFFFF));
}
