using System.Globalization;

namespace Wharf.Protocol;

/// <summary>
/// The texts of statuses that clients and their tests compare. They are part of the protocol and must not change.
/// The summary of each names its status code.
/// </summary>
public static class StatusTexts
{
    /// <summary>UNAUTHENTICATED: the credentials are wrong, or the token is invalid or has expired.</summary>
    public const string AuthenticationDetailsInvalid = "Authentication details invalid";

    /// <summary>CANCELLED: a message stream or a log subscription ended with its session.</summary>
    public const string SessionClosed = "Session closed";

    /// <summary>CANCELLED: a field subscription ended with its session.</summary>
    public const string SubscriptionCancelled = "subscription cancelled";

    /// <summary>UNAUTHENTICATED: the session ended while the caller waited for the server to stop.</summary>
    public const string SessionHasEnded = "Session has ended";

    /// <summary>INVALID_ARGUMENT: connect or FetchObject without a ticket.</summary>
    public const string NoTicketSupplied = "No ticket supplied";

    /// <summary>INVALID_ARGUMENT: connect or FetchObject without a type.</summary>
    public const string NoTypeSupplied = "No type supplied";

    /// <summary>INVALID_ARGUMENT: the first message of a stream was data.</summary>
    public const string DataBeforeConnect = "Data message sent before Connect message";

    /// <summary>FAILED_PRECONDITION: a second connect on one stream.</summary>
    public const string AlreadyConnected = "Already sent a connect request, cannot send another";

    /// <summary>UNAVAILABLE: Release of an id that the session does not have.</summary>
    public const string ExportNotYetDefined = "Export not yet defined";

    /// <summary>CANCELLED: the export that the call waits for or defines was cancelled.</summary>
    public const string ExportCancelled = "Export is cancelled";

    /// <summary>FAILED_PRECONDITION: a table operation without a result id.</summary>
    public const string NoResultTicketSupplied = "No result ticket supplied";

    /// <summary>INVALID_ARGUMENT: ExportFromTicket or PublishFromTicket without a source.</summary>
    public const string SourceTicketMissing = "Source ticket must not be null";

    /// <summary>INVALID_ARGUMENT: ExportFromTicket or PublishFromTicket without a result.</summary>
    public const string ResultTicketMissing = "Result ticket must not be null";

    /// <summary>FAILED_PRECONDITION: the source of a shared ticket is not an export of the publishing session.</summary>
    public const string SharedSourceMustBeExport = "Shared tickets can only be published from exports of the publishing session";

    /// <summary>The context of the notification that ends the list of existing exports.</summary>
    public const string RunIsComplete = "run is complete";

    /// <summary>FAILED_PRECONDITION: an id is defined twice, or a dependency is no longer available.</summary>
    /// <param name="state">The state of the export.</param>
    /// <param name="relatedParentExportId">The dependency that caused it, or null to omit it.</param>
    /// <returns>For example <c>Export in state DEPENDENCY_RELEASED (related parent export id: 1)</c>.</returns>
    public static string ExportInState(ExportState state, int? relatedParentExportId = null) => relatedParentExportId is { } parent
        ? $"Export in state {state.WireName()} (related parent export id: {Number(parent)})"
        : $"Export in state {state.WireName()}";

    /// <summary>FAILED_PRECONDITION: a server-assigned id that the session does not have.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text.</returns>
    public static string ServerExportUnknown(int id) => $"Export id {Number(id)} does not exist and cannot be used out of order";

    /// <summary>INVALID_ARGUMENT: the id 0 in place of an export.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text.</returns>
    public static string NotAnExport(int id) => $"Export id {Number(id)} refers to a non-export";

    /// <summary>INVALID_ARGUMENT: an id that clients must not define.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text.</returns>
    public static string ResultIdMustBePositive(int id) => $"A result must be exported under a positive id (found: {Number(id)})";

    /// <summary>INVALID_ARGUMENT: an id that is already defined.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text.</returns>
    public static string ExportAlreadyDefined(int id) => $"Export id {Number(id)} is already defined";

    /// <summary>FAILED_PRECONDITION: the result is a ticket of another kind.</summary>
    /// <param name="ticket">The ticket that was received instead.</param>
    /// <returns>The text.</returns>
    public static string ResultMustBeExport(Ticket ticket) => $"A result must be an export ticket (found: {ticket})";

    /// <summary>FAILED_PRECONDITION: Release of a ticket that is not an export.</summary>
    /// <param name="ticket">The ticket that was received instead.</param>
    /// <returns>The text.</returns>
    public static string OnlyExportsAreReleased(Ticket ticket) => $"Only export tickets can be released (found: {ticket})";

    /// <summary>FAILED_PRECONDITION: an operation names columns that the table does not have.</summary>
    /// <param name="names">The missing columns.</param>
    /// <returns>For example <c>column(s) not found: A, B</c>.</returns>
    public static string ColumnsNotFound(IEnumerable<string> names) => "column(s) not found: " + string.Join(", ", names);

    /// <summary>INVALID_ARGUMENT: a negative number of rows.</summary>
    /// <param name="numRows">The number.</param>
    /// <returns>The text.</returns>
    public static string NumRowsNegative(long numRows) => $"numRows must be >= 0 (found: {Number(numRows)})";

    /// <summary>FAILED_PRECONDITION: a time table whose period is not positive.</summary>
    /// <param name="periodNanos">The period.</param>
    /// <returns>The text.</returns>
    public static string PeriodNotPositive(long periodNanos) => $"periodNanos must be >= 0 (found: {Number(periodNanos)})";

    /// <summary>INVALID_ARGUMENT: a required field of a request is missing.</summary>
    /// <param name="message">The full name of the message.</param>
    /// <param name="field">The field.</param>
    /// <param name="number">Its number.</param>
    /// <returns>The text.</returns>
    public static string MustHaveField(string message, string field, int number) => $"{message} must have field {field} ({Number(number)})";

    /// <summary>INVALID_ARGUMENT: a list of a request is empty that must have an element.</summary>
    /// <param name="message">The full name of the message.</param>
    /// <param name="field">The field.</param>
    /// <param name="number">Its number.</param>
    /// <returns>The text.</returns>
    public static string MustHaveAtLeastOne(string message, string field, int number) =>
        $"{message} must have at least one {field} ({Number(number)})";

    /// <summary>INVALID_ARGUMENT: no alternative of a oneof is set, perhaps because the sender is newer.</summary>
    /// <param name="message">The full name of the message.</param>
    /// <param name="oneof">The name of the oneof.</param>
    /// <returns>The text.</returns>
    public static string MustHaveOneof(string message, string oneof) =>
        $"{message} must have oneof {oneof}. Note:"
        + " this may also indicate that the server is older than the client and doesn't know about this alternative";

    /// <summary>INTERNAL: a defect of the server. The log has the details under the same id.</summary>
    /// <param name="errorId">The id.</param>
    /// <returns>The text.</returns>
    public static string DetailsLogged(string errorId) => $"Details Logged w/ID '{errorId}'";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
