namespace Wharf.Protocol;

/// <summary>A Flight SQL command: <c>q</c> and a serialized <c>google.protobuf.Any</c>, which is not parsed here.</summary>
/// <param name="Any">The serialized message; the bytes must not change afterwards.</param>
public sealed record FlightSqlTicket(ReadOnlyMemory<byte> Any) : Ticket
{
    internal const byte Route = (byte)'q';
    internal const string Word = "sql";

    /// <inheritdoc/>
    public override string Canonical => $"{Word}/{Convert.ToHexStringLower(Any.Span)}";

    /// <inheritdoc/>
    private protected override string Display => $"{Word}/({Any.Length} bytes)";

    /// <inheritdoc/>
    public override byte[] ToBytes() => [Route, .. Any.Span];

    /// <inheritdoc/>
    public override IReadOnlyList<string>? ToPath() => null;

    /// <summary>Compares the bytes.</summary>
    /// <param name="other">The other ticket.</param>
    /// <returns>Whether both have the same bytes.</returns>
    public bool Equals(FlightSqlTicket? other) => other is not null && Any.Span.SequenceEqual(other.Any.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Any.Span);
        return hash.ToHashCode();
    }
}
