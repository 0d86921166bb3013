namespace Wharf.Tables;

/// <summary>The documentation of the methods and constructors of big numbers.</summary>
internal static class BigNumberDocs
{
    private const string Decimal = "new java.math.BigDecimal(`-12.50`)", Whole = "new java.math.BigInteger(`20`)";

    public static readonly IReadOnlyDictionary<string, FunctionDoc> Functions = new Dictionary<string, FunctionDoc>(
        LibraryDocs.Functions, StringComparer.Ordinal)
    {
        ["new java.math.BigDecimal"] = new(
            "A decimal number of any size from its digits, from a number, or from a big whole number and a scale; the exact value of a double",
            $"`` + {Decimal}"),
        ["new java.math.BigInteger"] = new("A whole number of any size from its digits, in base 10 or another", "`` + new java.math.BigInteger(`ff`, 16)"),
        ["java.math.BigDecimal.valueOf"] = new(
            "A decimal number from a number, or from a whole number and a scale; a double by the digits of its text",
            "`` + java.math.BigDecimal.valueOf(150, 2)"),
        ["java.math.BigInteger.valueOf"] = new("A big whole number from a number", "`` + java.math.BigInteger.valueOf(5)"),
        [".abs"] = new("The absolute value of a big number", $"`` + {Decimal}.abs()"),
        [".add"] = new("The sum of two big numbers of one type", $"`` + {Decimal}.add(java.math.BigDecimal.ONE)"),
        [".and"] = new("Bit by bit, of big whole numbers", $"`` + {Whole}.and(java.math.BigInteger.TEN)"),
        [".andNot"] = new("The bits of a big whole number that another does not have", $"`` + {Whole}.andNot(java.math.BigInteger.TEN)"),
        [".bitCount"] = new("How many bits of a big whole number differ from its sign", $"{Whole}.bitCount()"),
        [".bitLength"] = new("How many bits a big whole number needs without its sign", $"{Whole}.bitLength()"),
        [".byteValue"] = new("The lowest eight bits of a big number", $"{Whole}.byteValue()"),
        [".byteValueExact"] = new("A big number as a byte; an error where it does not fit", $"{Whole}.byteValueExact()"),
        [".clearBit"] = new("A big whole number without a bit", $"`` + {Whole}.clearBit(2)"),
        [".divide"] = new(
            "The quotient of two big numbers; of decimals exact, or with a rounding mode, or with a scale and a rounding mode",
            $"`` + {Decimal}.divide(java.math.BigDecimal.TEN, 1, java.math.RoundingMode.HALF_UP)"),
        [".divideAndRemainder"] = new(
            "An array of the whole quotient and the remainder of two big numbers", $"`` + {Whole}.divideAndRemainder(java.math.BigInteger.TEN)[0]"),
        [".divideToIntegralValue"] = new("The whole part of the quotient of two decimals", $"`` + {Decimal}.divideToIntegralValue(java.math.BigDecimal.TEN)"),
        [".doubleValue"] = new("The nearest double of a big number", $"{Decimal}.doubleValue()"),
        [".flipBit"] = new("A big whole number with a bit inverted", $"`` + {Whole}.flipBit(0)"),
        [".floatValue"] = new("The nearest float of a big number", $"{Decimal}.floatValue()"),
        [".gcd"] = new("The greatest common divisor of two big whole numbers", $"`` + {Whole}.gcd(java.math.BigInteger.TEN)"),
        [".getLowestSetBit"] = new("The position of the lowest bit of a big whole number; -1 for zero", $"{Whole}.getLowestSetBit()"),
        [".intValue"] = new("The lowest 32 bits of the whole part of a big number", $"{Decimal}.intValue()"),
        [".intValueExact"] = new("A big number as an int; an error where it does not fit", $"{Whole}.intValueExact()"),
        [".longValue"] = new("The lowest 64 bits of the whole part of a big number", $"{Decimal}.longValue()"),
        [".longValueExact"] = new("A big number as a long; an error where it does not fit", $"{Whole}.longValueExact()"),
        [".max"] = new("The larger of two big numbers of one type", $"`` + {Decimal}.max(java.math.BigDecimal.ONE)"),
        [".min"] = new("The smaller of two big numbers of one type", $"`` + {Decimal}.min(java.math.BigDecimal.ONE)"),
        [".mod"] = new("The non-negative remainder of big whole numbers", $"`` + {Whole}.negate().mod(new java.math.BigInteger(`7`))"),
        [".modPow"] = new("A power of a big whole number modulo another", $"`` + {Whole}.modPow(java.math.BigInteger.TWO, new java.math.BigInteger(`7`))"),
        [".movePointLeft"] = new("A decimal with its point moved left by a number of digits", $"`` + {Decimal}.movePointLeft(1)"),
        [".movePointRight"] = new("A decimal with its point moved right by a number of digits", $"`` + {Decimal}.movePointRight(1)"),
        [".multiply"] = new("The product of two big numbers of one type", $"`` + {Decimal}.multiply(java.math.BigDecimal.TEN)"),
        [".negate"] = new("The negated big number", $"`` + {Decimal}.negate()"),
        [".not"] = new("The bits of a big whole number inverted", $"`` + {Whole}.not()"),
        [".or"] = new("Bit by bit, of big whole numbers", $"`` + {Whole}.or(java.math.BigInteger.ONE)"),
        [".pow"] = new("A big number raised to a power", $"`` + {Decimal}.pow(2)"),
        [".precision"] = new("How many digits a decimal has", $"{Decimal}.precision()"),
        [".remainder"] = new("The remainder of two big numbers, with the sign of the first", $"`` + {Whole}.remainder(new java.math.BigInteger(`7`))"),
        [".scale"] = new("How many digits a decimal has after its point", $"{Decimal}.scale()"),
        [".scaleByPowerOfTen"] = new("A decimal times a power of ten", $"`` + {Decimal}.scaleByPowerOfTen(3)"),
        [".setBit"] = new("A big whole number with a bit set", $"`` + {Whole}.setBit(0)"),
        [".setScale"] = new(
            "A decimal with the given number of digits after its point; a rounding mode, or its number, sets the rounding",
            $"`` + {Decimal}.setScale(0, java.math.RoundingMode.HALF_EVEN)"),
        [".shiftLeft"] = new("A big whole number with its bits moved to the left", $"`` + {Whole}.shiftLeft(2)"),
        [".shiftRight"] = new("A big whole number with its bits moved to the right", $"`` + {Whole}.shiftRight(2)"),
        [".shortValue"] = new("The lowest 16 bits of the whole part of a big number", $"{Whole}.shortValue()"),
        [".shortValueExact"] = new("A big number as a short; an error where it does not fit", $"{Whole}.shortValueExact()"),
        [".signum"] = new("-1, 0 or 1, by the sign of a big number", $"{Decimal}.signum()"),
        [".sqrt"] = new("The whole part of the square root of a big whole number", $"`` + {Whole}.sqrt()"),
        [".stripTrailingZeros"] = new("A decimal without zeros at its end", $"`` + {Decimal}.stripTrailingZeros()"),
        [".subtract"] = new("The difference of two big numbers of one type", $"`` + {Decimal}.subtract(java.math.BigDecimal.ONE)"),
        [".testBit"] = new("Whether a big whole number has a bit", $"{Whole}.testBit(2)"),
        [".toBigInteger"] = new("The whole part of a decimal", $"`` + {Decimal}.toBigInteger()"),
        [".toBigIntegerExact"] = new("A decimal as a whole number; an error where it has a fraction", "`` + java.math.BigDecimal.TEN.toBigIntegerExact()"),
        [".toByteArray"] = new("The bytes of a big whole number, the highest first", $"{Whole}.toByteArray()[0]"),
        [".toEngineeringString"] = new(
            "The text of a decimal with an exponent that is a multiple of three, where it needs one", $"{Decimal}.scaleByPowerOfTen(5).toEngineeringString()"),
        [".toPlainString"] = new("The text of a decimal without an exponent", $"{Decimal}.scaleByPowerOfTen(5).toPlainString()"),
        [".ulp"] = new("One in the last digit of a decimal", $"`` + {Decimal}.ulp()"),
        [".unscaledValue"] = new("The digits of a decimal as a whole number", $"`` + {Decimal}.unscaledValue()"),
        [".xor"] = new("Bit by bit, of big whole numbers", $"`` + {Whole}.xor(java.math.BigInteger.TEN)"),
    };
}
