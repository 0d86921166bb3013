namespace Wharf.Protocol;

/// <summary>An object that a session published to every session that has the bytes: <c>h</c> and those bytes, which are a secret.</summary>
public sealed record SharedTicket : Ticket
{
    internal const byte Route = (byte)'h';

    /// <summary>The first element of the path of such a ticket.</summary>
    public const string Word = "shared";

    /// <summary>Creates the ticket.</summary>
    /// <param name="id">At least one byte; the bytes must not change afterwards.</param>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public SharedTicket(ReadOnlyMemory<byte> id)
    {
        if (id.IsEmpty)
            throw new ArgumentException("a shared ticket must have at least one byte", nameof(id));
        Id = id;
    }

    /// <summary>The bytes after the first.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <inheritdoc/>
    public override string Canonical => $"{Word}/{Convert.ToHexStringLower(Id.Span)}";

    /// <inheritdoc/>
    private protected override string Display => $"{Word}/({Id.Length} bytes)";

    /// <inheritdoc/>
    public override byte[] ToBytes() => [Route, .. Id.Span];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ToPath() => [Word, Convert.ToHexStringLower(Id.Span)];

    /// <summary>Compares the bytes.</summary>
    /// <param name="other">The other ticket.</param>
    /// <returns>Whether both have the same bytes.</returns>
    public bool Equals(SharedTicket? other) => other is not null && Id.Span.SequenceEqual(other.Id.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Id.Span);
        return hash.ToHashCode();
    }
}
