using Wharf.Tables.Columns;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Big;

namespace Wharf.Tables.Schemas;

/// <summary>The kinds of values that the engine distinguishes.</summary>
internal enum EngineKind
{
    Boolean,
    Byte,
    Short,
    Char,
    Int,
    Long,
    Float,
    Double,
    String,
    Instant,
    LocalDate,
    LocalTime,
    Duration,
    Period,
    PeriodDuration,
    ZonedDateTime,
    BigInteger,
    BigDecimal,
    Binary,
    Array,
    Map,
    TimeZone,
    DayOfWeek,
    LocalDateTime,
    SearchAlgorithm,
    RoundingMode,

    /// <summary>The literal <c>null</c> before it is converted to a type.</summary>
    Null,
    Object,
}

/// <summary>The type of a column or of a formula: the Java class name for clients, and the kind for the engine.</summary>
/// <param name="Kind">The kind of values.</param>
/// <param name="ClassName">The value of <c>deephaven:type</c>.</param>
/// <param name="Component">The type of the elements of an array or vector.</param>
internal sealed record EngineType(EngineKind Kind, string ClassName, EngineType? Component = null)
{
    public static readonly EngineType Boolean = new(EngineKind.Boolean, "java.lang.Boolean");
    public static readonly EngineType Byte = new(EngineKind.Byte, "byte");
    public static readonly EngineType Short = new(EngineKind.Short, "short");
    public static readonly EngineType Char = new(EngineKind.Char, "char");
    public static readonly EngineType Int = new(EngineKind.Int, "int");
    public static readonly EngineType Long = new(EngineKind.Long, "long");
    public static readonly EngineType Float = new(EngineKind.Float, "float");
    public static readonly EngineType Double = new(EngineKind.Double, "double");
    public static readonly EngineType String = new(EngineKind.String, "java.lang.String");
    public static readonly EngineType Instant = new(EngineKind.Instant, "java.time.Instant");
    public static readonly EngineType LocalDate = new(EngineKind.LocalDate, "java.time.LocalDate");
    public static readonly EngineType LocalTime = new(EngineKind.LocalTime, "java.time.LocalTime");
    public static readonly EngineType Duration = new(EngineKind.Duration, "java.time.Duration");
    public static readonly EngineType Period = new(EngineKind.Period, "java.time.Period");
    public static readonly EngineType PeriodDuration = new(EngineKind.PeriodDuration, "org.apache.arrow.vector.PeriodDuration");
    public static readonly EngineType ZonedDateTime = new(EngineKind.ZonedDateTime, "java.time.ZonedDateTime");
    public static readonly EngineType BigInteger = new(EngineKind.BigInteger, "java.math.BigInteger");
    public static readonly EngineType BigDecimal = new(EngineKind.BigDecimal, "java.math.BigDecimal");
    public static readonly EngineType Binary = new(EngineKind.Binary, "byte[]", Byte);
    public static readonly EngineType Map = new(EngineKind.Map, "java.util.Map");
    public static readonly EngineType TimeZone = new(EngineKind.TimeZone, "java.time.ZoneId");
    public static readonly EngineType DayOfWeek = new(EngineKind.DayOfWeek, "java.time.DayOfWeek");
    public static readonly EngineType LocalDateTime = new(EngineKind.LocalDateTime, "java.time.LocalDateTime");
    public static readonly EngineType SearchAlgorithm = new(EngineKind.SearchAlgorithm, "io.deephaven.function.BinSearchAlgo");
    public static readonly EngineType RoundingMode = new(EngineKind.RoundingMode, "java.math.RoundingMode");
    public static readonly EngineType Null = new(EngineKind.Null, "java.lang.Object");
    public static readonly EngineType Object = new(EngineKind.Object, "java.lang.Object");

    private static readonly Dictionary<string, EngineType> Named = new(StringComparer.Ordinal)
    {
        ["boolean"] = Boolean, ["java.lang.Boolean"] = Boolean,
        ["byte"] = Byte, ["java.lang.Byte"] = Byte,
        ["short"] = Short, ["java.lang.Short"] = Short,
        ["char"] = Char, ["java.lang.Character"] = Char,
        ["int"] = Int, ["java.lang.Integer"] = Int,
        ["long"] = Long, ["java.lang.Long"] = Long,
        ["float"] = Float, ["java.lang.Float"] = Float,
        ["double"] = Double, ["java.lang.Double"] = Double,
        ["java.lang.String"] = String, ["java.time.Instant"] = Instant, ["java.time.LocalDate"] = LocalDate,
        ["java.time.LocalTime"] = LocalTime,
        ["java.time.Duration"] = Duration, ["java.time.Period"] = Period, ["org.apache.arrow.vector.PeriodDuration"] = PeriodDuration,
        ["java.time.ZonedDateTime"] = ZonedDateTime, ["java.math.BigInteger"] = BigInteger, ["java.math.BigDecimal"] = BigDecimal,
        ["java.util.Map"] = Map, ["java.time.DayOfWeek"] = DayOfWeek, ["java.time.LocalDateTime"] = LocalDateTime,
        ["java.time.ZoneId"] = TimeZone, ["java.lang.Object"] = Object, ["byte[]"] = Binary,
    };

    private static readonly Dictionary<string, EngineType> Vectors = new(StringComparer.Ordinal)
    {
        ["io.deephaven.vector.CharVector"] = Char, ["io.deephaven.vector.ByteVector"] = Byte, ["io.deephaven.vector.ShortVector"] = Short,
        ["io.deephaven.vector.IntVector"] = Int, ["io.deephaven.vector.LongVector"] = Long, ["io.deephaven.vector.FloatVector"] = Float,
        ["io.deephaven.vector.DoubleVector"] = Double, ["io.deephaven.vector.ObjectVector"] = Object,
    };

    /// <summary>Whether clients can sort by the column.</summary>
    public bool IsSortable => Kind switch
    {
        EngineKind.Array or EngineKind.Binary =>
            Component is { Kind: not (EngineKind.Boolean or EngineKind.Array or EngineKind.Binary), IsSortable: true } || IsVector,
        _ => Kind is not (EngineKind.Map or EngineKind.Object or EngineKind.Null or EngineKind.Period or EngineKind.PeriodDuration
            or EngineKind.TimeZone),
    };

    /// <summary>Whether the values are arrays or vectors.</summary>
    public bool IsArray => Kind is EngineKind.Array or EngineKind.Binary && Component is not null;

    /// <summary>
    /// Whether this is a vector of Deephaven, which has methods, and nulls outside of its bounds. An array of Java has neither.
    /// </summary>
    public bool IsVector => Kind == EngineKind.Array && !ClassName.EndsWith(']');

    /// <summary>Whether the values are primitive numbers or characters, which arithmetic accepts.</summary>
    public bool IsNumeric => Kind is >= EngineKind.Byte and <= EngineKind.Double;

    /// <summary>Whether the values are primitive integers or characters.</summary>
    public bool IsIntegral => Kind is >= EngineKind.Byte and <= EngineKind.Long;

    /// <summary>Whether the values are numbers of any size.</summary>
    public bool IsBig => Kind is EngineKind.BigInteger or EngineKind.BigDecimal;

    /// <summary>Whether null is a null reference and not a reserved value.</summary>
    public bool IsReference => Kind is EngineKind.Boolean or >= EngineKind.String;

    /// <summary>Returns the type of arrays of this type, named as in Java.</summary>
    public EngineType ArrayOf() =>
        Kind == EngineKind.Byte ? Binary : new(EngineKind.Array, (this == Boolean ? "java.lang.Boolean" : ClassName) + "[]", this);

    /// <summary>Returns the type of vectors of this type: a whole column or a range of one as a value.</summary>
    public EngineType VectorOf()
    {
        foreach ((string name, EngineType component) in Vectors)
        {
            if (component == this && component != Object)
                return new(EngineKind.Array, name, this);
        }

        return new(EngineKind.Array, "io.deephaven.vector.ObjectVector", this);
    }

    /// <summary>Finds the type of a class name.</summary>
    /// <param name="className">The value of <c>deephaven:type</c>.</param>
    /// <param name="componentName">The value of <c>deephaven:componentType</c>, if there is one.</param>
    /// <returns>The type, or null if the class is unknown.</returns>
    public static EngineType? Find(string className, string? componentName = null)
    {
        if (Named.TryGetValue(className, out EngineType? named))
            return named;
        if (Vectors.TryGetValue(className, out EngineType? element))
            return new(EngineKind.Array, className, (componentName is null ? null : Find(componentName)) ?? element);
        if (className.EndsWith("[]", StringComparison.Ordinal) && Find(className[..^2]) is { } component)
            return new(EngineKind.Array, className, component);
        return null;
    }
}
