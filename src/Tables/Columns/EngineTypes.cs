using System.Numerics;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Runs generic code for the type in which the engine computes a kind of value.</summary>
internal static class EngineTypes
{
    /// <summary>
    /// Booleans are bytes (1, 0, null), times of every kind are 64-bit integers (nanoseconds; for a date, the milliseconds of its
    /// midnight), strings are strings, and all other values are objects.
    /// </summary>
    public static TResult Dispatch<TDispatch, TResult>(this EngineType type, TDispatch code)
        where TDispatch : IClrDispatch<TResult> => type.Kind switch
    {
        EngineKind.Boolean or EngineKind.Byte => code.Invoke<sbyte>(),
        EngineKind.Short => code.Invoke<short>(),
        EngineKind.Char => code.Invoke<char>(),
        EngineKind.Int => code.Invoke<int>(),
        EngineKind.Long or EngineKind.Instant or EngineKind.LocalDate or EngineKind.LocalTime or EngineKind.Duration => code.Invoke<long>(),
        EngineKind.Float => code.Invoke<float>(),
        EngineKind.Double => code.Invoke<double>(),
        EngineKind.String => code.Invoke<string?>(),
        _ => code.Invoke<object?>(),
    };

    /// <inheritdoc cref="Dispatch{TDispatch, TResult}"/>
    public static TResult Dispatch<TResult>(this EngineType type, IClrDispatch<TResult> code) =>
        type.Dispatch<IClrDispatch<TResult>, TResult>(code);

    /// <summary>Runs code for a numeric type; returns null for other types.</summary>
    public static TResult? DispatchNumber<TResult>(this EngineType type, INumberDispatch<TResult> code)
        where TResult : class? => type.Kind switch
    {
        EngineKind.Byte => code.Invoke<sbyte>(),
        EngineKind.Short => code.Invoke<short>(),
        EngineKind.Char => code.Invoke<char>(),
        EngineKind.Int => code.Invoke<int>(),
        EngineKind.Long => code.Invoke<long>(),
        EngineKind.Float => code.Invoke<float>(),
        EngineKind.Double => code.Invoke<double>(),
        _ => null,
    };
}

/// <summary>Code that is generic in the type of values.</summary>
internal interface IClrDispatch<out TResult>
{
    /// <summary>Runs the code for one type.</summary>
    TResult Invoke<T>();
}

/// <summary>Code that is generic in a numeric type.</summary>
internal interface INumberDispatch<out TResult>
{
    /// <summary>Runs the code for one type.</summary>
    TResult Invoke<T>()
        where T : unmanaged, INumber<T>;
}
