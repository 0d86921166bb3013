namespace Wharf.Protocol;

/// <summary>A field of an application: <c>a/(application id)/f/(field name)</c>.</summary>
/// <remarks>The parts are separated by slashes, so an application id must not contain one. A field name comes last and may.</remarks>
public sealed record ApplicationTicket : Ticket
{
    internal const byte Route = (byte)'a';
    internal const string Word = "app";
    internal const string FieldWord = "field";

    /// <summary>The prefix of the canonical text of every ticket of this kind.</summary>
    public const string CanonicalPrefix = Word + "/";

    /// <summary>Creates the ticket.</summary>
    /// <param name="applicationId">The application, without slashes.</param>
    /// <param name="fieldName">The field.</param>
    /// <exception cref="ArgumentException">The id contains a slash, or the id or the name is not well-formed text.</exception>
    public ApplicationTicket(string applicationId, string fieldName)
    {
        ArgumentNullException.ThrowIfNull(applicationId);
        ArgumentNullException.ThrowIfNull(fieldName);
        if (applicationId.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException("an application id must not contain a slash", nameof(applicationId));
        ApplicationId = TicketText.RequireWellFormed(applicationId, nameof(applicationId));
        FieldName = TicketText.RequireWellFormed(fieldName, nameof(fieldName));
    }

    /// <summary>The application.</summary>
    public string ApplicationId { get; }

    /// <summary>The field.</summary>
    public string FieldName { get; }

    /// <inheritdoc/>
    public override string Canonical => $"{Word}/{ApplicationId}/{FieldWord}/{FieldName}";

    /// <inheritdoc/>
    public override byte[] ToBytes() => TicketText.Encode($"a/{ApplicationId}/f/{FieldName}");

    /// <inheritdoc/>
    public override IReadOnlyList<string> ToPath() => [Word, ApplicationId, FieldWord, FieldName];
}
