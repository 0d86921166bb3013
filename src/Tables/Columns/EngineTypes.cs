using System.Numerics;

namespace Wharf.Tables;

/// <summary>Runs generic code for the type that the engine's loops use for a kind of value.</summary>
internal static class EngineTypes
{
    /// <summary>
    /// Truth values are bytes (1, 0, null), times of every kind are 64-bit numbers (nanoseconds; a date: milliseconds of its midnight), texts are strings,
    /// and what has no tight loop is an object.
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
    public static TResult Dispatch<TResult>(this EngineType type, IClrDispatch<TResult> code) => type.Dispatch<IClrDispatch<TResult>, TResult>(code);

    /// <summary>Runs code for numbers; other types have none.</summary>
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

/// <summary>Code that works for values of any type.</summary>
internal interface IClrDispatch<out TResult>
{
    /// <summary>Does the work for one type.</summary>
    TResult Invoke<T>();
}

/// <summary>Code that works for numbers of any type.</summary>
internal interface INumberDispatch<out TResult>
{
    /// <summary>Does the work for one type.</summary>
    TResult Invoke<T>()
        where T : unmanaged, INumber<T>;
}
