using System.Globalization;
using System.Numerics;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Formulas.Big;

/// <summary>
/// A decimal number of any size, as Java's: <c>unscaled / 10^scale</c>. Equality (<see cref="object.Equals(object)"/>) includes the scale;
/// the order does not.
/// </summary>
/// <param name="Unscaled">The digits.</param>
/// <param name="Scale">The number of digits after the decimal point; if negative, the number of omitted trailing zeros.</param>
internal readonly record struct BigDecimal(BigInteger Unscaled, int Scale) : IComparable<BigDecimal>, IComparable
{
    /// <summary>The minimum scale of a quotient.</summary>
    private const int QuotientScale = 8;

    public static BigDecimal operator +(BigDecimal a, BigDecimal b) => Align(a, b, static (x, y) => x + y);

    public static BigDecimal operator -(BigDecimal a, BigDecimal b) => Align(a, b, static (x, y) => x - y);

    public static BigDecimal operator -(BigDecimal a) => a with { Unscaled = -a.Unscaled };

    public static BigDecimal operator *(BigDecimal a, BigDecimal b) =>
        new(BigNumberLimits.Check(a.Unscaled * b.Unscaled), checked(a.Scale + b.Scale));

    /// <summary>
    /// Divides as the operator of formulas: with at least eight digits after the decimal point and no fewer than either operand, rounded
    /// half up.
    /// </summary>
    public static BigDecimal operator /(BigDecimal a, BigDecimal b) =>
        a.Divide(b, Math.Max(QuotientScale, Math.Max(a.Scale, b.Scale)), Rounding.HalfUp);

    public static BigDecimal operator %(BigDecimal a, BigDecimal b) => a - (a.DivideToWhole(b) * b);

    /// <summary>The number of digits; zero has one.</summary>
    public int Precision => Unscaled.IsZero ? 1 : BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>Converts a floating-point number by the digits of its text.</summary>
    /// <exception cref="FormulaError">The number is infinite or NaN.</exception>
    public static BigDecimal Of(double value)
    {
        if (!double.IsFinite(value))
            throw new FormulaError($"{JavaText.Of(value)} is not a decimal number");
        return Parse(JavaText.Of(value))!.Value;
    }

    /// <summary>Converts a floating-point number to its exact value, which may have many digits.</summary>
    /// <exception cref="FormulaError">The number is infinite or NaN.</exception>
    public static BigDecimal FromDouble(double value)
    {
        if (!double.IsFinite(value))
            throw new FormulaError($"{JavaText.Of(value)} is not a decimal number");
        const int fractionBits = 52, bias = 1075;
        long bits = BitConverter.DoubleToInt64Bits(value), fraction = bits & ((1L << fractionBits) - 1);
        int exponent = (int)((bits >> fractionBits) & 0x7FF);
        BigInteger number = exponent == 0 ? fraction << 1 : fraction | (1L << fractionBits);
        exponent -= bias;
        if (number.IsZero)
            return new BigDecimal(0, 0);
        while (number.IsEven && exponent < 0)
            (number, exponent) = (number >> 1, exponent + 1);
        number = bits < 0 ? -number : number;
        return exponent >= 0 ? new BigDecimal(number << exponent, 0) : new BigDecimal(number * BigInteger.Pow(5, -exponent), -exponent);
    }

    /// <summary>Parses a decimal number, with or without an exponent.</summary>
    /// <returns>The number, or null if the text is not a number.</returns>
    public static BigDecimal? Parse(ReadOnlySpan<char> text)
    {
        int exponentAt = text.IndexOfAny('e', 'E'), exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(
            text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return null;
        ReadOnlySpan<char> digits = exponentAt < 0 ? text : text[..exponentAt];
        int point = digits.IndexOf('.'), scale = point < 0 ? 0 : digits.Length - point - 1;
        string whole = point < 0 ? digits.ToString() : string.Concat(digits[..point], digits[(point + 1)..]);
        if (whole.Length > BigNumberLimits.MostDigits || (scale > 0 && digits[(point + 1)..].IndexOfAnyExceptInRange('0', '9') >= 0))
            return null;
        if (!BigInteger.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger unscaled))
            return null;
        long moved = (long)scale - exponent;
        return moved is < int.MinValue or > int.MaxValue ? null : new BigDecimal(unscaled, (int)moved);
    }

    /// <summary>Divides to a scale.</summary>
    /// <exception cref="FormulaError">The divisor is zero, or the result needs rounding and must not be rounded.</exception>
    public BigDecimal Divide(BigDecimal divisor, int scale, Rounding rounding)
    {
        if (divisor.Unscaled.IsZero)
            throw new FormulaError("division by zero");
        long shift = (long)scale + divisor.Scale - Scale;
        return shift >= 0
            ? new BigDecimal(Roundings.Divide(Unscaled * BigNumberLimits.Power(shift), divisor.Unscaled, rounding), scale)
            : new BigDecimal(Roundings.Divide(Unscaled, divisor.Unscaled * BigNumberLimits.Power(-shift), rounding), scale);
    }

    /// <summary>Returns the exact quotient, with the scale of Java's <c>divide</c>.</summary>
    /// <exception cref="FormulaError">The divisor is zero, or the quotient has infinitely many digits.</exception>
    public BigDecimal DivideExactly(BigDecimal divisor)
    {
        if (divisor.Unscaled.IsZero)
            throw new FormulaError("division by zero");
        int preferred = checked(Scale - divisor.Scale);
        if (Unscaled.IsZero)
            return new BigDecimal(0, preferred);
        BigInteger common = BigInteger.GreatestCommonDivisor(Unscaled, divisor.Unscaled), rest = BigInteger.Abs(divisor.Unscaled / common);
        int twos = Factors(ref rest, 2), fives = Factors(ref rest, 5), more = Math.Max(twos, fives);
        if (!rest.IsOne)
            throw new FormulaError("the quotient has no exact decimal digits; divide with a scale and a rounding mode");
        BigInteger unscaled = Unscaled * BigNumberLimits.Power(more) / divisor.Unscaled;
        return new BigDecimal(unscaled, checked(preferred + more)).StripZeros(preferred);
    }

    /// <summary>Returns the whole part of the quotient, with the scale that Java prefers.</summary>
    public BigDecimal DivideToWhole(BigDecimal divisor)
    {
        BigDecimal whole = Divide(divisor, 0, Rounding.Down);
        int preferred = checked(Scale - divisor.Scale);
        return preferred > 0 ? whole.WithScale(preferred, Rounding.Unnecessary) : whole.StripZeros(preferred);
    }

    /// <summary>Returns the number with a given number of digits after the decimal point.</summary>
    public BigDecimal WithScale(int scale, Rounding rounding)
    {
        long shift = (long)scale - Scale;
        return shift >= 0
            ? new BigDecimal(Unscaled * (Unscaled.IsZero ? 1 : BigNumberLimits.Power(shift)), scale)
            : new BigDecimal(Unscaled.IsZero ? 0 : Roundings.Divide(Unscaled, BigNumberLimits.Power(-shift), rounding), scale);
    }

    /// <summary>Raises the number to a power.</summary>
    public BigDecimal Power(int exponent) => exponent is < 0 or > 999_999_999
        ? throw new FormulaError("the exponent must be from 0 to 999999999")
        : new BigDecimal(BigNumberLimits.Power(Unscaled, exponent), checked(Scale * exponent));

    /// <summary>Returns the whole part.</summary>
    public BigInteger Whole() =>
        Scale <= 0 ? Unscaled * BigNumberLimits.Power(-(long)Scale) : Precision <= Scale ? 0 : Unscaled / BigNumberLimits.Power(Scale);

    /// <summary>Returns the nearest double.</summary>
    public double ToDouble() =>
        Scale is >= 0 and <= 22 && Unscaled.GetBitLength() <= 53
            ? (double)(long)Unscaled / Roundings.ExactPower(Scale)
            : double.Parse(ToString(), CultureInfo.InvariantCulture);

    /// <summary>Returns the nearest float.</summary>
    public float ToFloat() => float.Parse(ToString(), CultureInfo.InvariantCulture);

    /// <summary>Returns the number without trailing zeros; zero has the scale 0.</summary>
    public BigDecimal StripZeros() => Unscaled.IsZero ? new BigDecimal(0, 0) : StripZeros(int.MinValue);

    /// <summary>Returns Java's hash code.</summary>
    public int JavaHash() => unchecked((31 * BigIntegers.JavaHash(Unscaled)) + Scale);

    /// <summary>Compares by value: <c>1.5</c> and <c>1.50</c> have the same order.</summary>
    public int CompareTo(BigDecimal other)
    {
        if (Scale == other.Scale || Unscaled.Sign != other.Unscaled.Sign || Unscaled.IsZero)
            return Scale == other.Scale ? Unscaled.CompareTo(other.Unscaled) : Unscaled.Sign.CompareTo(other.Unscaled.Sign);

        // If the scales differ widely, compare the position of the first digit, because aligning the scales would be expensive.
        const long near = 64;
        bool isNear = Math.Abs((long)Scale - other.Scale) <= near;
        long place = isNear ? 0 : (long)Precision - Scale, otherPlace = isNear ? 0 : (long)other.Precision - other.Scale;
        if (place != otherPlace)
            return place.CompareTo(otherPlace) * Unscaled.Sign;
        int scale = Math.Max(Scale, other.Scale);
        return WithScale(scale, Rounding.Unnecessary).Unscaled.CompareTo(other.WithScale(scale, Rounding.Unnecessary).Unscaled);
    }

    int IComparable.CompareTo(object? obj) => obj is BigDecimal other ? CompareTo(other) : 1;

    /// <summary>Returns Java's text: with an exponent if the scale is negative or the number is very small.</summary>
    public override string ToString() => DecimalText.Canonical(this);

    /// <summary>Removes trailing zeros down to a minimum scale.</summary>
    private BigDecimal StripZeros(int lowestScale)
    {
        if (Unscaled.IsZero)
            return new BigDecimal(0, lowestScale);
        (BigInteger unscaled, int scale) = (Unscaled, Scale);
        while (scale > lowestScale && unscaled.IsEven && BigInteger.DivRem(unscaled, 10) is { Remainder.IsZero: true } next)
            (unscaled, scale) = (next.Quotient, checked(scale - 1));
        return new BigDecimal(unscaled, scale);
    }

    private static BigDecimal Align(BigDecimal a, BigDecimal b, Func<BigInteger, BigInteger, BigInteger> combine)
    {
        int scale = Math.Max(a.Scale, b.Scale);
        return new BigDecimal(
            combine(a.WithScale(scale, Rounding.Unnecessary).Unscaled, b.WithScale(scale, Rounding.Unnecessary).Unscaled), scale);
    }

    private static int Factors(ref BigInteger number, int factor)
    {
        int count = 0;
        while (BigInteger.DivRem(number, factor) is { Remainder.IsZero: true } next)
            (number, count) = (next.Quotient, count + 1);
        return count;
    }
}
