using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Sessions;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc.Console;

namespace Wharf.Gateway.Services;

/// <summary>Starts the console that clients need to connect, and binds tables to variables. It does not run scripts.</summary>
internal sealed class ConsoleServiceHandler(SessionOperations work, Permissions permissions, IOptions<GatewayOptions> options) : Wire.ConsoleService.ConsoleServiceBase
{
    private const string Python = "python";

    private static readonly ObjectReference Console = new("", ObjectKind.Handle, "Console", 0);

    private readonly int _maxTicket = options.Value.MaxTicketBytes;

    [NoSession]
    [NoPermission]
    public override Task<Wire.GetConsoleTypesResponse> GetConsoleTypes(Wire.GetConsoleTypesRequest request, ServerCallContext context) =>
        Task.FromResult(new Wire.GetConsoleTypesResponse { ConsoleTypes = { Python } });

    [NoPermission]
    public override async Task<Wire.StartConsoleResponse> StartConsole(Wire.StartConsoleRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        if (!string.Equals(request.SessionType, Python, StringComparison.OrdinalIgnoreCase))
            throw new FaultException(FaultCode.FailedPrecondition, $"Session type '{request.SessionType}' is not served; this server has '{Python}'");
        if (Tickets.IsMissing(request.ResultId))
            throw new FaultException(FaultCode.FailedPrecondition, StatusTexts.NoResultTicketSupplied);
        int result = Tickets.ReadResult(request.ResultId.Ticket_, _maxTicket);
        await work.AdoptAsync(session, result, Console, Holder.OfCall(Guid.NewGuid().ToString("N")), context.CancellationToken);
        return new Wire.StartConsoleResponse { ResultId = request.ResultId };
    }

    [Authorizes(GatewayActions.Read, GatewayActions.Publish)]
    public override async Task<Wire.BindTableToVariableResponse> BindTableToVariable(Wire.BindTableToVariableRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        if (Tickets.IsMissing(request.TableId))
            throw new FaultException(FaultCode.FailedPrecondition, "No source table id supplied");
        if (request.VariableName.Length == 0)
            throw new FaultException(FaultCode.InvalidArgument, "No variable name supplied");
        if (NameRules.FindProblem(request.VariableName, "variable name") is { } problem)
            throw new FaultException(FaultCode.InvalidArgument, problem);
        if (request.ConsoleId is { } console)
            Tickets.ReadSource(console.Ticket_, _maxTicket);
        var source = Tickets.ReadSource(request.TableId.Ticket_, _maxTicket);
        var variable = new ScopeTicket(request.VariableName).Canonical;
        var authorizedSource = await AuthorizedTickets.AuthorizeAsync(permissions, session.Caller, GatewayActions.Read, source, context.CancellationToken);
        var authorizedVariable = await AuthorizedTickets.AuthorizeAsync(permissions, session.Caller, GatewayActions.Publish, variable, context.CancellationToken);
        await work.BindAsync(session, authorizedSource, authorizedVariable, tablesOnly: true, context.CancellationToken);
        return new Wire.BindTableToVariableResponse();
    }
}
