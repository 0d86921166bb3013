namespace Wharf.Protocol;

/// <summary>A variable of the scope, which all sessions share: <c>s/</c> and its name.</summary>
public sealed record ScopeTicket : Ticket
{
    internal const byte Route = (byte)'s';
    internal const string Word = "scope";

    /// <summary>Creates the ticket.</summary>
    /// <param name="name">The variable's name, not empty.</param>
    /// <exception cref="ArgumentException">The name is empty or is not well-formed text.</exception>
    public ScopeTicket(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = TicketText.RequireWellFormed(name, nameof(name));
    }

    /// <summary>The variable's name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string Canonical => $"{Word}/{Name}";

    /// <inheritdoc/>
    public override byte[] ToBytes() => TicketText.Encode("s/" + Name);

    /// <inheritdoc/>
    public override IReadOnlyList<string> ToPath() => [Word, Name];
}
