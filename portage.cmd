@echo off
rem Runs Portage from source: finds JDK 25, builds it if it is missing or outdated, and starts it. As ./portage does.
rem
rem   PORTAGE_JAVA_HOME   the JDK to use instead of searching for one
rem   PORTAGE_JAVA_OPTS   further options for the JVM
rem   PORTAGE_CLASSPATH   runs these classes, and builds nothing: for tests of what is built already
rem
rem No block in parentheses expands a path or an argument: a parenthesis in one of them, as in "Program Files (x86)",
rem would end the block.
setlocal DisableDelayedExpansion

for %%i in ("%~dp0.") do set "root=%%~fi"

set "jdk="
if not defined PORTAGE_JAVA_HOME goto search
call :look "%PORTAGE_JAVA_HOME%"
if defined jdk goto found
echo portage: PORTAGE_JAVA_HOME="%PORTAGE_JAVA_HOME%" is not JDK 25 or newer: set it to one, or unset it>&2
exit /b 2

:search
if defined JAVA_HOME call :look "%JAVA_HOME%"
for %%i in (java.exe) do if not "%%~$PATH:i"=="" call :look "%%~dp$PATH:i.."
for /d %%i in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\*") do call :look "%%~i"
for /d %%i in ("%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*" "%USERPROFILE%\.jdks\*") do call :look "%%~i"
if defined jdk goto found
echo portage: JDK 25 or newer not found: install one (https://adoptium.net) or set PORTAGE_JAVA_HOME>&2
exit /b 2

:found
if not defined PORTAGE_PRINT_JAVA goto build
echo %jdk%\bin\java.exe
exit /b 0

:build
set "classpath=%PORTAGE_CLASSPATH%"
set "cache="
if defined PORTAGE_CLASSPATH goto built
"%jdk%\bin\java.exe" -XX:TieredStopAtLevel=1 "%root%\build\Build.java" "%root%" %*
if errorlevel 1 exit /b %ERRORLEVEL%
set /p dist=<"%root%\.portage\dist\current"
set "classpath=%root%\.portage\dist\%dist%\lib\*"
set "cache=%root%\.portage\dist\%dist%\portage.aot"
if not exist "%cache%" set "cache="
:built

set "main=dev.portage.command.PortageCommand"
set "options=command"
if "%~1"=="worker" set "main=dev.portage.worker.WorkerCommand"
if "%~1"=="worker" set "options=worker"
if "%~1"=="check" set "main=dev.portage.worker.CheckCommand"
if "%~1"=="check" set "options=worker"
for %%i in (demo sandbox) do if "%~1"=="%%i" set "main=dev.portage.sandbox.SandboxCommand"
for %%i in (demo sandbox) do if "%~1"=="%%i" set "options=worker"
set "options=%root%\release\src\main\launcher\%options%.options"

rem Commands of other programs have their own help.
if not "%~1"=="help" goto start
for %%i in (check demo sandbox worker) do if "%~2"=="%%i" goto help
goto start
:help
call "%~f0" %2 --help
exit /b %ERRORLEVEL%

:start
rem The arguments as they were typed: %* keeps their quotes.
if not defined cache goto plain
"%jdk%\bin\java.exe" "@%options%" "-XX:AOTCache=%cache%" -Xlog:disable %PORTAGE_JAVA_OPTS% "-Dportage.root=%root%" -cp "%classpath%" %main% %*
exit /b %ERRORLEVEL%
:plain
"%jdk%\bin\java.exe" "@%options%" %PORTAGE_JAVA_OPTS% "-Dportage.root=%root%" -cp "%classpath%" %main% %*
exit /b %ERRORLEVEL%

rem Sets jdk to a folder that holds a JDK 25 or newer, unless it is set.
:look
if defined jdk exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
set "major="
for /f "usebackq tokens=1,2 delims==.-+" %%k in ("%~1\release") do if "%%k"=="JAVA_VERSION" set "major=%%l"
if not defined major exit /b 0
set "major=%major:"=%"
if %major% GEQ 25 set "jdk=%~1"
exit /b 0
