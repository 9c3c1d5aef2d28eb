@echo off
rem The Windows twin of ./dev. Nobody has tried it yet: please report what happens.
setlocal
set PYTHONDONTWRITEBYTECODE=
set PYTHONUTF8=1
set "selfassess_python=python"
where py >nul 2>nul
if not errorlevel 1 set "selfassess_python=py -3"
%selfassess_python% -c "import sys; sys.exit(sys.version_info < (3, 11))"
if errorlevel 1 (
    echo Python 3.11 or later is needed. 1>&2
    exit /b 1
)
%selfassess_python% "%~dp0packaging\dev" %*
exit /b %errorlevel%
